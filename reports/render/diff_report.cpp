#include "reports/render/diff_report.hpp"

#include <algorithm>

#include "reports/query/diff_tables.hpp"
#include "reports/query/figures.hpp"
#include "reports/query/record_sentence.hpp"

namespace premortem {

namespace {

constexpr std::size_t lines_max = 20;

std::string heading(const char* letter, const NamedRun& run) {
  std::string text = std::string(letter) + ": " + run.file + ", strategy " + run.strategy;
  for (const std::string& assumption : run.assumptions) text += ", assuming " + assumption;
  for (const std::string& set : run.sets) text += ", " + set;
  text += ", seed " + std::to_string(run.seed);
  if (!run.choices.empty()) text += ", choices " + run.choices;
  return wrapped(text, "   ") + "\n";
}

/// What nothing brought about: "stop-brut (stop brut): 2020-01-27 13:00 in A, 2020-01-28 08:00 in B (19 h later)".
std::string uncaused(const Divergence& divergence, const TimeFormat& format) {
  const std::optional<ToldRecord>&a = divergence.a, &b = divergence.b;
  const auto at = [&](const std::optional<ToldRecord>& one) {
    return one ? format(time_from_nanoseconds(one->at)) : std::string("never");
  };
  const std::string in_a = a ? record_sentence(*a, format) : "", in_b = b ? record_sentence(*b, format) : "";
  std::string text = (a ? in_a : in_b) + ": " + at(a) + " in A, " + at(b) + " in B";
  if (a && b && in_a != in_b) return in_a + ": " + at(a) + " in A; " + in_b + ": " + at(b) + " in B";
  if (a && b && a->at != b->at) text += " (" + shift_in_words(b->at - a->at) + ")";
  return text;
}

std::string first_difference(const Divergence& divergence, const TimeFormat& format) {
  if (!divergence.cause) return wrapped("First difference: " + uncaused(divergence, format), "  ") + "\n";
  const ToldRecord& cause = *divergence.cause;
  std::string text =
      wrapped("First difference, after what is equal in both: " + format(time_from_nanoseconds(cause.at)) + "  " +
                  record_sentence(cause, format),
              "  ") +
      "\n";
  const auto line = [&](const char* letter, const std::optional<ToldRecord>& one) {
    std::string what = "nothing of the kind";
    if (one) {
      const std::int64_t after = one->at - cause.at;
      what = (after == 0 ? "at once: " : "after " + short_duration(after) + ": ") + record_sentence(*one, format);
    }
    text += wrapped(std::string("  in ") + letter + " " + what, "    ") + "\n";
  };
  line("A", divergence.a);
  line("B", divergence.b);
  return text;
}

std::string set_aside(const RunDiff& diff, const TimeFormat& format, bool all) {
  std::string text;
  for (std::size_t n = 0; n < diff.set_aside.size() && (n == 0 || all); ++n) {
    text +=
        wrapped(
            "Set aside, as no item fares otherwise without that difference: " + uncaused(diff.set_aside[n], format) +
                (!all && diff.set_aside.size() > 1 ? "; and " + counted(diff.set_aside.size() - 1, "more step") : ""),
            "  ") +
        "\n";
  }
  return text;
}

/// "Checks: in-time broken for 182 in A, holds in B; once ..."
std::string changed_checks(const RunDiff& diff) {
  if (diff.checks.empty()) return "";
  std::string text = "Checks: ";
  for (const ChangedCheck& check : diff.checks)
    text += (&check == diff.checks.data() ? "" : "; ") + check.name + " " + check.a + " in A, " + check.b + " in B";
  return wrapped(text, "  ") + "\n";
}

/// The first rows of a table; what is left out is counted.
std::string shortened(Table table, std::size_t rows, const std::string& one) {
  if (table.rows.empty()) return "";
  const std::size_t left_out = table.rows.size() > rows ? table.rows.size() - rows : 0;
  table.rows.resize(table.rows.size() - left_out);
  return "\n" + to_terminal(table) + (left_out > 0 ? "  and " + counted(left_out, one) + "; see --all\n" : "");
}

}  // namespace

std::string diff_to_terminal(const RunDiff& diff, const NamedRun& a, const NamedRun& b, const TimeFormat& format,
                             bool all) {
  if (diff.same) return "";
  std::string top = heading("A", a) + heading("B", b);
  if (diff.first) top += first_difference(*diff.first, format);
  if (diff.records_equal == diff.records_a && diff.records_equal == diff.records_b)
    top += "The same happens in both; it is judged otherwise.\n";
  top += set_aside(diff, format, all);
  if (diff.items.empty()) top += "Every item ends alike.\n";
  top += changed_checks(diff);
  const Table items = changed_items_table(diff), times = moved_times_table(diff, format);
  std::string text;
  for (std::size_t rows = std::max(items.rows.size(), times.rows.size()); rows > 0; --rows) {
    text = top + shortened(items, rows, "more group") + shortened(times, rows, "more row");
    const auto lines = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
    if (all || lines <= lines_max) return text;
  }
  return text.empty() ? top : text;
}

}  // namespace premortem
