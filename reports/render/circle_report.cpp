#include "reports/render/circle_report.hpp"

#include "reports/query/record_sentence.hpp"
#include "reports/query/table.hpp"

namespace premortem {

std::string steps_to_terminal(const std::vector<ToldRecord>& steps, const TimeFormat& format) {
  std::string text;
  for (std::size_t n = 0; n < steps.size(); ++n) {
    const std::string number = std::to_string(n + 1);
    text += wrapped(std::string(number.size() < 2 ? "   " : "  ") + number + "  " + record_sentence(steps[n], format),
                    "      ") +
            "\n";
  }
  return text;
}

std::string circle_to_terminal(const std::vector<ToldRecord>& steps, bool repeats, bool of_one_item,
                               const TimeFormat& format) {
  if (steps.empty()) return "Nothing is recorded while it does.\n";
  const std::string heading = !repeats      ? "Nothing repeats exactly; the last that happened:\n"
                              : of_one_item ? "One turn, of one item; others go round as well:\n"
                                            : "One turn, which repeats for ever:\n";
  return heading + steps_to_terminal(steps, format);
}

}  // namespace premortem
