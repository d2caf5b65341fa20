#pragma once
// Parts of sentences.

#include <string>
#include <string_view>
#include <vector>

#include "sim/scenario/node.hpp"

namespace premortem::explain {

/// "a", "a and b", "a, b and c".
std::string listed(const std::vector<std::string>& parts, std::string_view last = "and");
/// Of a text or a list of texts.
std::vector<std::string> texts_of(const Node& node);
/// The texts, each in quotes.
std::vector<std::string> quoted(const std::vector<std::string>& texts);
/// "2 s to 6 s", "4 s on average", "one of 1 s and 4 s", "\"a\" for 70 % and \"b\" for 30 %".
std::string value(const Node& node);
/// What a member is set to: texts in quotes unless they have a unit.
std::string literal(const Node& node);
/// "[a, b]", "24 times 1".
std::string list_of(const Node& node);
/// " [N1, N3]", or nothing.
std::string sources(const Node& node);
/// "a queue", "an exchange".
std::string with_article(std::string_view noun);
/// "deanery = it, by = 'hand'" in words, or nothing.
std::string assigned(const Node* with, const std::string& it);
/// The text of a member, or `standard`.
std::string text_of(const Node& node, std::string_view key, std::string_view standard = "");
/// First letter large, a full stop at the end.
std::string sentence(std::string text);

}  // namespace premortem::explain
