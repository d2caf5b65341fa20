#pragma once
// What GitHub shows beside a file and on a run's page, as its workflow commands and job summaries have it.

#include <cstdint>
#include <string>
#include <vector>

namespace premortem {

struct Annotation {
  bool error = true;                   ///< Else a warning.
  std::string file;                    ///< Empty: none.
  std::uint32_t line = 0, column = 0;  ///< From 1; 0: nowhere in the file.
  std::string title, message;          ///< May hold anything.
};

/// One line each, errors first: "::error file=f.jsonc,line=3,col=5,title=in-time::expected ...". GitHub shows ten of a
/// kind for a step: of more than that, the first nine, and a tenth that counts the others.
std::string annotations_to_github(const std::vector<Annotation>& annotations);

/// A job summary of at most `bytes`: GitHub shows nothing at all of one that is too large. Cut at the end of a line,
/// with a sentence that says so; "" when not even that fits.
std::string summary_within(const std::string& markdown, std::size_t bytes);

}  // namespace premortem
