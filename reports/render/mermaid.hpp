#pragma once
// Diagrams as text that GitHub and GitLab draw: Mermaid, without the fence around it.

#include <string>
#include <vector>

#include "reports/query/item_story.hpp"
#include "reports/render/reports.hpp"

namespace premortem {

/// `visible`, in which Mermaid finds nothing of its own language: what may be punctuation to it is written by number,
/// `#58;` for a colon.
std::string mermaid_text(const std::string& text);

/// A Gantt chart of what happened, a milestone a line, in the clock's civil time; "" when nothing did. At most `most`:
/// the middle of a longer story is left out, and a line says so.
std::string story_to_gantt(const std::vector<StoryLine>& story, const TimeFormat& format, std::size_t most);

/// A sequence diagram of these messages, on three lines and one for each of them; "" when there are none.
std::string messages_to_sequence(const std::vector<ItemMessage>& messages, const TimeFormat& format);

}  // namespace premortem
