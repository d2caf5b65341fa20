#pragma once
// Whether a program is doing anything: Linux says so in /proc.

#include <cstdint>

namespace premortem::fakes {

/// The processes of one group.
struct GroupActivity {
  bool runs = false;            ///< Some thread runs, or waits for a processor or a disk.
  std::uint64_t processor = 0;  ///< Time that its threads have run so far, ns, all together.
};

/// A look at all threads of the process group now. Where there is no /proc, nothing ever runs.
GroupActivity group_activity(int group);

}  // namespace premortem::fakes
