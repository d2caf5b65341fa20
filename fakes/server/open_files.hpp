#pragma once
// How many connections the system lets us have.

#include <cstddef>

namespace premortem::fakes {

/// Lets this process, and children that it starts from now on, open as many files and sockets as the system permits;
/// how many that is. Shells start programs with 1,024, of which every connection takes one.
std::size_t raise_open_files_limit();

}  // namespace premortem::fakes
