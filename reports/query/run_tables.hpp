#pragma once
// The tables of one run.

#include <functional>

#include "reports/query/table.hpp"
#include "sim/compare/run_result.hpp"

namespace premortem {

/// One row a kind of item: arrived, and every fate that occurs.
Table fates_table(const RunResult& run);
Table checks_table(const RunResult& run);
/// Times to done, one row a kind of item; kinds of which nothing finished have no times.
Table times_table(const RunResult& run);
/// One row a place in which unfinished items are: how many, where, and for what they wait; at most `most`, and then one
/// that counts the rest.
Table unfinished_table(const RunResult& run, std::size_t most);
/// "detection 16 d 2 h, 6 operator steps"
std::string effort(const RunResult& run);
/// "in-time is broken for application 1, 2, 3 and 179 more; first at 2020-01-28 11:01:59"
std::string broken_sentence(const CheckResult& check, const std::function<std::string(Time)>& format);

}  // namespace premortem
