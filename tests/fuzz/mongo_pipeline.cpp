// Any BSON {documents: [...], pipeline: [...]}: the pipeline ends, with documents or with an error, the same each time.
#include <cstdlib>
#include <functional>

#include "sim/models/bson/codec.hpp"
#include "sim/models/query/pipeline.hpp"
#include "tests/fuzz/targets.hpp"

namespace premortem::testing {

namespace {

/// Every other collection is the input.
class FuzzedCollections final : public query::CollectionReader {
 public:
  explicit FuzzedCollections(const std::vector<bson::Value>& documents) : documents_(documents) {}
  void read(const std::string&, const query::Filter& filter,
            const std::function<bool(const bson::Value&)>& visit) override {
    for (const bson::Value& document : documents_) {
      if (filter.matches(document) && !visit(document)) return;
    }
  }

 private:
  const std::vector<bson::Value>& documents_;
};

bson::Value run_fuzzed_pipeline(const bson::Value& stages, const std::vector<bson::Value>& documents) {
  query::Context context;
  context.luck = 1;
  FuzzedCollections others(documents);
  try {
    const query::Pipeline pipeline = query::Pipeline::parse(stages, context);
    return bson::Value::array(pipeline.run(documents, others));
  } catch (const query::CommandError& error) {
    return bson::doc({{"code", bson::Value::int32(error.code())}, {"text", bson::Value::string(error.what())}});
  }
}

}  // namespace

void fuzz_mongo_pipeline(std::string_view bytes) {
  if (bytes.size() > 4096 || bson::find_fault(bytes)) return;
  const bson::Value input = bson::decode(bytes);
  std::vector<bson::Value> documents;
  if (input["documents"].is_array()) {
    for (const bson::Value& each : input["documents"].elements()) {
      if (each.is_document() && documents.size() < 20) documents.push_back(each);
    }
  }
  const bson::Value first = run_fuzzed_pipeline(input["pipeline"], documents);
  if (!first.identical(run_fuzzed_pipeline(input["pipeline"], documents))) std::abort();
}

}  // namespace premortem::testing

#ifdef PREMORTEM_FUZZ
extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  premortem::testing::fuzz_mongo_pipeline({reinterpret_cast<const char*>(data), size});
  return 0;
}
#endif
