// Which build wrote a run into a store: the linker names every build, and its name is part of what is loaded. Reading
// the whole program to hash it would take seconds, longer than many a run.

#include <elf.h>
#include <link.h>

#include <cstring>
#include <fstream>
#include <iterator>
#include <string_view>

#include "cli/common.hpp"
#include "sim/kernel/digest.hpp"
#include "sim/kernel/random.hpp"

namespace premortem::cli {

namespace {

std::size_t in_fours(std::size_t size) { return (size + 3) / 4 * 4; }

/// The linker's name for the build among the notes of a loaded segment; empty where there is none.
std::string_view build_name_in(std::string_view notes) {
  ElfW(Nhdr) head;
  while (notes.size() >= sizeof head) {
    std::memcpy(&head, notes.data(), sizeof head);
    notes.remove_prefix(sizeof head);
    const std::size_t owner = in_fours(head.n_namesz), size = owner + in_fours(head.n_descsz);
    if (size > notes.size()) break;
    if (head.n_type == NT_GNU_BUILD_ID && notes.starts_with(std::string_view("GNU\0", 4)))
      return notes.substr(owner, head.n_descsz);
    notes.remove_prefix(size);
  }
  return {};
}

/// Of the first object only, which is the program itself.
int find_build_name(dl_phdr_info* object, std::size_t, void* found) {
  for (std::size_t n = 0; n < object->dlpi_phnum; ++n) {
    const ElfW(Phdr)& segment = object->dlpi_phdr[n];
    if (segment.p_type != PT_NOTE) continue;
    // NOLINTNEXTLINE(performance-no-int-to-ptr): the loader tells addresses as numbers.
    const auto* const notes = reinterpret_cast<const char*>(object->dlpi_addr + segment.p_vaddr);
    const std::string_view name = build_name_in({notes, segment.p_memsz});
    if (!name.empty()) *static_cast<std::string*>(found) = name;
  }
  return 1;
}

std::string bytes_of_program() {
  std::ifstream program("/proc/self/exe", std::ios::binary);
  return {std::istreambuf_iterator<char>(program), std::istreambuf_iterator<char>()};
}

}  // namespace

std::string program_identity() {
  std::string build;
  dl_iterate_phdr(find_build_name, &build);
  if (build.empty()) build = bytes_of_program();  // A linker that was told not to name its builds.
  Digest digest;
  digest.add(hash_name(build));
  return std::string(version) + "+" + digest.hex().substr(0, 16);
}

}  // namespace premortem::cli
