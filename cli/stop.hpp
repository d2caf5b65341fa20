#pragma once
// Ctrl-C: what long commands do about it.

#include <atomic>

namespace premortem::cli {

/// From now on the first SIGINT or SIGTERM only sets the flag, so that work under way can end and be kept; a second one
/// ends the process as usual. The flag lives as long as the process.
const std::atomic<bool>& listen_for_stop();

/// "SIGINT" or "SIGTERM": what set the flag.
const char* stopped_by();
/// 130 or 143: what a shell expects of a command that this signal ended.
int stopped_exit_code();

}  // namespace premortem::cli
