#include "sim/models/query/regex.hpp"

#include <algorithm>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

namespace premortem::query {

struct Regex::Compiled {
  Compiled(pcre2_code* compiled, bool counts) : code(compiled), is_counted(counts) {}
  ~Compiled() { pcre2_code_free(code); }
  Compiled(const Compiled&) = delete;
  Compiled& operator=(const Compiled&) = delete;
  pcre2_code* code;
  const bool is_counted;  ///< It calls out for each of its steps.
};

namespace {

// MongoDB builds its PCRE2 with these limits of steps, depth and parentheses, and its filters have that of patterns.
// The heap's is ours: it would else be 20 GB, or whatever the library here has been built with.
constexpr std::uint32_t match_steps_max = 200'000, match_depth_max = 4'000, match_heap_max_kb = 64 * 1024;
constexpr std::size_t pattern_bytes_max = 32'764;
constexpr std::uint32_t parentheses_max = 250;

constexpr std::uint64_t budget_max = 50'000'000;  // Some seconds.
constexpr std::size_t passed_bytes_per_step = 64;
// A pattern that is too large to be counted pays for each byte at which a match could begin, and may do less from
// there.
constexpr std::uint64_t uncounted_steps_per_byte = 100;
constexpr std::uint32_t uncounted_match_steps_max = 20'000;
constexpr int budget_used_up = -9999;  // No error of PCRE2 has this number.

thread_local SearchBudget* budget_in_force = nullptr;

[[noreturn]] void throw_used_up() { throw CommandError(code::max_time_expired, "operation exceeded time limit"); }

/// Where a search is, for the price of the way there.
struct SearchProgress {
  SearchBudget& budget;
  PCRE2_SIZE at = 0;
};

/// PCRE2 limits the steps from each place where a match may begin, not those of all of them; this counts all.
int count_step(pcre2_callout_block* block, void* data) {
  auto& progress = *static_cast<SearchProgress*>(data);
  const PCRE2_SIZE here = block->current_position;
  const PCRE2_SIZE way = here > progress.at ? here - progress.at : progress.at - here;
  progress.at = here;
  return progress.budget.spend(1 + way / passed_bytes_per_step) ? 0 : budget_used_up;
}

struct MatchContextDeleter {
  void operator()(pcre2_match_context* context) const { pcre2_match_context_free(context); }
};

std::uint32_t flags_of_options(const std::string& options, std::string_view operation) {
  std::uint32_t flags = PCRE2_UTF;
  for (const char option : options) {
    switch (option) {
      case 'i':
        flags |= PCRE2_CASELESS;
        break;
      case 'm':
        flags |= PCRE2_MULTILINE;
        break;
      case 's':
        flags |= PCRE2_DOTALL;
        break;
      case 'x':
        flags |= PCRE2_EXTENDED;
        break;
      case 'u':
        break;
      default:
        throw CommandError(51108, std::string(operation) + " invalid flag in regex options: " + option);
    }
  }
  return flags;
}

using CompileContext = std::unique_ptr<pcre2_compile_context, decltype(&pcre2_compile_context_free)>;

/// What would else be as whoever has built the library here has said.
CompileContext compile_context() {
  CompileContext context(pcre2_compile_context_create(nullptr), &pcre2_compile_context_free);
  pcre2_set_newline(context.get(), PCRE2_NEWLINE_LF);
  pcre2_set_bsr(context.get(), PCRE2_BSR_UNICODE);
  pcre2_set_parens_nest_limit(context.get(), parentheses_max);
  return context;
}

using MatchData = std::unique_ptr<pcre2_match_data, decltype(&pcre2_match_data_free)>;

MatchData run_regex(const pcre2_code* code, bool is_counted, std::string_view subject, std::size_t from, bool is_utf8,
                    int& groups) {
  SearchBudget own;  // In force for nobody, if there is another.
  SearchBudget& budget = *SearchBudget::in_force();
  if (!budget.spend(1 + (is_utf8 ? 0 : subject.size() / passed_bytes_per_step))) throw_used_up();
  if (!is_counted && !budget.spend((subject.size() - from) * uncounted_steps_per_byte)) throw_used_up();
  SearchProgress progress{budget, from};
  const std::unique_ptr<pcre2_match_context, MatchContextDeleter> context(pcre2_match_context_create(nullptr));
  pcre2_set_match_limit(context.get(), is_counted ? match_steps_max : uncounted_match_steps_max);
  pcre2_set_depth_limit(context.get(), match_depth_max);
  pcre2_set_heap_limit(context.get(), match_heap_max_kb);
  pcre2_set_callout(context.get(), count_step, &progress);
  MatchData data(pcre2_match_data_create_from_pattern(code, nullptr), &pcre2_match_data_free);
  groups = pcre2_match(code, reinterpret_cast<PCRE2_SPTR>(subject.data()), subject.size(), from,
                       is_utf8 ? PCRE2_NO_UTF_CHECK : 0, data.get(), context.get());
  if (groups == budget_used_up) throw_used_up();
  return data;
}

void check_result(int result, std::string_view operation) {
  if (result >= 0 || result == PCRE2_ERROR_NOMATCH || operation.empty()) return;
  PCRE2_UCHAR text[256];
  pcre2_get_error_message(result, text, sizeof text);
  throw CommandError(51156, "Error occurred while executing the regular expression in " + std::string(operation) +
                                ". Result code: " + reinterpret_cast<const char*>(&text[0]));
}

}  // namespace

SearchBudget::SearchBudget() : outer_(budget_in_force) {
  if (outer_ == nullptr) budget_in_force = this;
}
SearchBudget::~SearchBudget() { budget_in_force = outer_; }
SearchBudget* SearchBudget::in_force() { return budget_in_force; }

bool SearchBudget::spend(std::uint64_t work) {
  spent_ += std::min(work, budget_max + 1);
  return spent_ <= budget_max;
}

void SearchBudget::spend_in_force(std::uint64_t work) {
  if (budget_in_force != nullptr && !budget_in_force->spend(work)) throw_used_up();
}

Regex::Regex(const std::string& pattern, const std::string& options, std::string_view operation)
    : pattern_(pattern), options_(options) {
  const std::uint32_t flags = flags_of_options(options, operation);
  if (pattern.find('\0') != std::string::npos)
    throw CommandError(code::bad_value, "Regular expression cannot contain an embedded null byte");
  if (operation.empty() && pattern.size() > pattern_bytes_max)
    throw CommandError(code::bad_value, "Regular expression is too long");
  SearchBudget::spend_in_force(1 + pattern.size());
  int fault = 0;
  PCRE2_SIZE where = 0;
  const CompileContext context = compile_context();
  const auto compile = [&](std::uint32_t more) {
    return pcre2_compile(reinterpret_cast<PCRE2_SPTR>(pattern.data()), pattern.size(), flags | more, &fault, &where,
                         context.get());
  };
  pcre2_code* compiled = compile(PCRE2_AUTO_CALLOUT);
  // Calling out takes room in the compiled pattern, which has a largest size.
  const bool is_counted = compiled != nullptr;
  if (compiled == nullptr) compiled = compile(0);
  if (compiled == nullptr) {
    PCRE2_UCHAR message[256];
    pcre2_get_error_message(fault, message, sizeof message);
    throw CommandError(51091,
                       std::string("Regular expression is invalid: ") + reinterpret_cast<const char*>(&message[0]));
  }
  compiled_ = std::make_shared<const Compiled>(compiled, is_counted);
}

bool Regex::matches(std::string_view subject, std::string_view operation) const {
  int groups = 0;
  run_regex(compiled_->code, compiled_->is_counted, subject, 0, false, groups);
  check_result(groups, operation);
  return groups >= 0;
}

std::optional<Regex::Groups> Regex::find(std::string_view subject, std::size_t from, bool is_utf8,
                                         std::string_view operation) const {
  if (from > subject.size()) return {};
  int count = 0;
  const MatchData data = run_regex(compiled_->code, compiled_->is_counted, subject, from, is_utf8, count);
  check_result(count, operation);
  if (count < 0) return {};
  const PCRE2_SIZE* offsets = pcre2_get_ovector_pointer(data.get());
  Groups groups(pcre2_get_ovector_count(data.get()));
  for (std::size_t at = 0; at < groups.size(); ++at) {
    // Groups behind the last one that took part are left unset by PCRE2.
    if (at >= static_cast<std::size_t>(count) || offsets[2 * at] == PCRE2_UNSET) continue;
    groups[at] = {offsets[2 * at], offsets[2 * at + 1]};
  }
  return groups;
}

}  // namespace premortem::query
