// The soft limit is for programs that use select(); the hard one is the system's word.

#include "fakes/server/open_files.hpp"

#include <sys/resource.h>

namespace premortem::fakes {

std::size_t raise_open_files_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return 0;
  const rlim_t before = limit.rlim_cur;
  limit.rlim_cur = limit.rlim_max;
  return ::setrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_cur : before;
}

}  // namespace premortem::fakes
