#include "sim/compare/statistics.hpp"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <limits>

namespace premortem {

Summary summarize(const std::vector<double>& samples, double level) {
  Summary summary;
  summary.n = samples.size();
  if (samples.empty()) return summary;
  summary.min = *std::min_element(samples.begin(), samples.end());
  summary.max = *std::max_element(samples.begin(), samples.end());
  double sum = 0;
  for (const double sample : samples) sum += sample;
  const auto n = static_cast<double>(samples.size());
  summary.mean = summary.min == summary.max ? summary.min : sum / n;
  if (samples.size() == 1) {
    summary.half_width = std::numeric_limits<double>::infinity();
    return summary;
  }
  if (summary.min == summary.max) return summary;
  double squares = 0;
  for (const double sample : samples) squares += (sample - summary.mean) * (sample - summary.mean);
  const boost::math::students_t distribution(n - 1);
  const double t = boost::math::quantile(boost::math::complement(distribution, (1 - level) / 2));
  summary.half_width = t * std::sqrt(squares / (n - 1) / n);
  return summary;
}

Paired compare_paired(const std::vector<double>& samples, const std::vector<double>& baseline, double level) {
  std::vector<double> differences;
  for (std::size_t i = 0; i < samples.size() && i < baseline.size(); ++i)
    differences.push_back(samples[i] - baseline[i]);
  Paired paired{summarize(differences, level), Difference::none_shown};
  if (differences.size() < 2) return paired;
  if (paired.of.mean - paired.of.half_width > 0) paired.difference = Difference::higher;
  if (paired.of.mean + paired.of.half_width < 0) paired.difference = Difference::lower;
  return paired;
}

std::optional<double> quantile(std::vector<double> samples, double q) {
  if (samples.empty()) return std::nullopt;
  std::sort(samples.begin(), samples.end());
  const auto rank = static_cast<std::size_t>(std::ceil(q * static_cast<double>(samples.size())));
  return samples[std::min(samples.size(), std::max<std::size_t>(rank, 1)) - 1];
}

}  // namespace premortem
