#pragma once
// Growing by a few elements, as slabs do for every new entry.

#include <cstddef>
#include <vector>

namespace premortem {

/// Appends `count` copies. For a handful, several times cheaper than std::vector::resize, which is made for many.
template <class T>
void append(std::vector<T>& to, std::size_t count, T value) {
  for (; count > 0; --count) to.push_back(value);
}

}  // namespace premortem
