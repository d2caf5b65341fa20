#include "reports/query/record_sentence.hpp"

#include <array>

namespace premortem {

namespace {

/// `b` of run_skipped.
std::string why_no_run(std::uint64_t reason) {
  constexpr std::array<const char*, 4> reasons = {"it is not running", "its last run is still under way",
                                                  "another holds its lock", "nobody has cleared its crash"};
  return reason < reasons.size() ? reasons[reason] : "it may not";
}

}  // namespace

std::string record_sentence(const ToldRecord& told, const std::function<std::string(Time)>& format) {
  const std::string& who = told.system;
  const std::string whom = told.item.empty() ? "a message" : told.item;
  const std::string about = told.item.empty() ? "" : " for " + told.item;
  switch (told.kind) {
    case RecordKind::began:
      return "the run begins";
    case RecordKind::arrived:
      return whom + " arrives from " + who;
    case RecordKind::field:
      return whom + " has its " + told.what;
    case RecordKind::member:
      return whom + " is judged by " + told.what;
    case RecordKind::finished:
      return whom + " finishes at " + who + (told.what.empty() ? "" : ": " + told.what);
    case RecordKind::held:
      return "somebody holds " + whom + " again";
    case RecordKind::released:
      return "nobody holds " + whom + " any more";
    case RecordKind::dead_lettered:
      return whom + " is dead-lettered by " + who;
    case RecordKind::revived:
      return whom + " leaves the dead letters of " + who;
    case RecordKind::remained:
      return whom + " is left at the end";
    case RecordKind::marked:
      return who + " marks " + whom + " \"" + told.what + "\"";
    case RecordKind::step_done:
      return told.what + (told.also.empty() ? "" : " (" + told.also + ")");
    case RecordKind::step_skipped:
      return told.what + " is skipped";
    case RecordKind::noticed:
      return who + " notices: " + told.what;
    case RecordKind::published:
      if (who == told.what) return whom + " is appended to " + who;  // A log notes itself what others publish to it.
      return who + " publishes " + whom + " to " + told.what;
    case RecordKind::delivered:
      return who + " takes " + whom;
    case RecordKind::acknowledged:
      return who + " acknowledges " + whom;
    case RecordKind::requeued:
      return whom + " goes back into " + who;
    case RecordKind::dropped:
      return who + " drops " + whom;
    case RecordKind::read:
      return who + " reads " + whom;
    case RecordKind::committed_offset:
      return who + " commits its offset";
    case RecordKind::filtered:
      return who + " passes over " + whom;
    case RecordKind::called:
      return told.what + " is called" + about;
    case RecordKind::replied:
      return told.what + " replies" + about;
    case RecordKind::failed:
      return who + " meets " + told.what + (told.also.empty() ? "" : " (" + told.also + ")") +
             (told.item.empty() ? "" : " with " + told.item);
    case RecordKind::retried:
      return who + " tries " + (told.item.empty() ? "" : told.item + " ") + "again";
    case RecordKind::given_up:
      return who + " " + told.also + " " + (told.item.empty() ? "what it has in hand" : told.item);
    case RecordKind::inserted:
      return "a document is inserted into " + who;
    case RecordKind::updated:
      return "a document of " + who + " is updated";
    case RecordKind::removed:
      return "a document of " + who + " is removed";
    case RecordKind::changed:
      return "a watched field changes";
    case RecordKind::transaction_began:
      return who + " begins a transaction";
    case RecordKind::transaction_ended:
      return who + (told.number == 1 ? " commits its transaction" : " undoes its transaction");
    case RecordKind::due:
      return who + " is due, for " + format(time_from_nanoseconds(told.scheduled));
    case RecordKind::run_started:
      return who + " starts a run";
    case RecordKind::run_ended:
      return "the run of " + who + (told.number == 1 ? " ends" : " is cut off");
    case RecordKind::run_skipped:
      return who + " does not run for " + format(time_from_nanoseconds(told.scheduled)) + ": " +
             why_no_run(told.number);
    case RecordKind::set:
      return told.what + " is set";
    case RecordKind::stopped:
      return who + " stops";
    case RecordKind::started:
      return who + " starts";
    case RecordKind::paused:
      return who + " pauses";
    case RecordKind::resumed:
      return who + " resumes";
    case RecordKind::crashed:
      return who + " crashes";
    case RecordKind::restarted:
      return who + " is back";
    case RecordKind::fault_applied:
      return "the fault " + told.what + " strikes " + whom;
    case RecordKind::observed:
      return "the check " + told.what + " sees that it " + (told.number == 1 ? "is true" : "is false") + about;
    case RecordKind::expression_failed:
      return told.what + " cannot be computed";
    case RecordKind::asked:
      return told.also + " of " + who + " asks for " + told.what;
    case RecordKind::stepped_down:
      return who + " has no primary any more";
    case RecordKind::rolled_back:
      return who + " is rolled back to what a majority has: " + std::to_string(told.number) +
             (told.number == 1 ? " document" : " documents");
    case RecordKind::elected:
      return who + " has a primary again";
    case RecordKind::ended:
    case RecordKind::count_of_kinds:
      return "the run ends";
  }
  return "";
}

}  // namespace premortem
