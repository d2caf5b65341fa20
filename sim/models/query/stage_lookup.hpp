#pragma once
// What $lookup and $graphLookup share. Private to the pipeline.

#include <span>
#include <string>

#include "sim/models/query/pipeline_stage.hpp"

namespace premortem::query::staging {

/// Which documents of another collection have in `foreign` what the document has at its path; null for nothing.
Value equality_filter(const Value& document, std::span<const std::string> local_path, const std::string& foreign);

/// The end of a chain that makes an array of what comes.
class ArrayEnd final : public Taker {
 public:
  explicit ArrayEnd(Run& run) : run_(run) {}
  ~ArrayEnd() override { run_.release(bytes_); }
  bool take(Value document) override {
    run_.step();
    const std::size_t bytes = expressing::weigh(document);
    growth_.add_bytes(bytes);
    run_.hold_bytes(bytes);
    bytes_ += bytes;
    array.push_back(std::move(document));
    return true;
  }
  void finish() override {}
  Value array = Value::array();

 private:
  Run& run_;
  expressing::Growth growth_;
  std::size_t bytes_ = 0;
};

}  // namespace premortem::query::staging
