#pragma once
// How much memory pending events and waiting activities take.

namespace bench {

/// Prints a table; measures while it does.
void print_memory();

}  // namespace bench
