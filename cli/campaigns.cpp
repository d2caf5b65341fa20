#include "cli/campaigns.hpp"

#include <unistd.h>

#include <iostream>
#include <thread>

#include "cli/common.hpp"
#include "cli/stop.hpp"

namespace premortem::cli {

namespace {

void show_progress(std::uint64_t done, std::uint64_t all) {
  if (done % 16 == 0 || done == all)
    std::cerr << "\r" << done << " of " << all << " runs" << (done == all ? "\n" : "") << std::flush;
}

}  // namespace

void CampaignSize::add_to(CLI::App& command) {
  command.add_option("--strategies", strategies, "only these (as-happened is always the baseline)")
      ->type_name("NAME,NAME")
      ->delimiter(',')
      ->allow_extra_args(false);
  command.add_option("--runs", runs, "of each strategy; without it, as many as the wanted precision needs")
      ->type_name("NUMBER")
      ->check(CLI::Range(1, 100'000));
  command.add_option("--threads", threads, "without it, one for each core")
      ->type_name("NUMBER")
      ->check(CLI::Range(1, 1024));
}

Campaigns run_campaigns(ComparisonPlan& plan, const CampaignSize& size) {
  plan.options.runs = size.runs;
  plan.options.threads = size.threads != 0 ? size.threads : std::max(1U, std::thread::hardware_concurrency());
  plan.options.stop = &listen_for_stop();
  if (isatty(STDERR_FILENO) != 0) plan.options.progress = show_progress;
  Campaigns campaigns;
  for (const Reading& reading : plan.readings) {
    CampaignResult result = of_file(plan.options.file, [&] { return run_campaign(reading, plan.options); });
    campaigns.from_store += result.from_store;
    campaigns.kept += result.from_store + result.computed;
    campaigns.stopped = result.stopped;
    if (result.stopped) break;
    const RunVerdict one = result.comparison.verdict();
    if (campaigns.verdict != RunVerdict::different && one != RunVerdict::as_expected) campaigns.verdict = one;
    campaigns.results.push_back(std::move(result));
  }
  return campaigns;
}

int say_stopped(const Campaigns& campaigns, const std::string& store) {
  std::cerr << "\npremortem: stopped by " << stopped_by() << "; ";
  if (store.empty()) {
    std::cerr << "nothing is kept, as nothing is stored.\n";
  } else {
    std::cerr << campaigns.kept << (campaigns.kept == 1 ? " run is" : " runs are") << " kept in " << store
              << "; the same command goes on from there.\n";
  }
  return stopped_exit_code();
}

}  // namespace premortem::cli
