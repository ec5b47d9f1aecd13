// .tflite files: what is accepted can be written, read again as the same network, and run.
#include <optional>
#include <variant>

#include "deepaxe/base/assertion.h"
#include "deepaxe/engine/float_engine.h"
#include "deepaxe/engine/int8_engine.h"
#include "deepaxe/frontend/tflite/tflite.h"
#include "float_file.h"
#include "foreign.h"
#include "operators.h"
#include "random_graph.h"
#include "run_limits.h"
#include "target.h"

namespace deepaxe::fuzz {
namespace {

namespace tflite = frontend::tflite;

void run_engine(const model::Int8Model& model) {
  const engine::Assignment exact = engine::exact_assignment(model);
  std::optional<engine::Int8Engine> made;
  if (!accepts([&] { made.emplace(model); }) || !made) return;
  const std::vector<std::int8_t> image(model::num_elements(model.input_shape()), 1);
  const auto tensors = made->run_all(exact, 1, image);
  const engine::Int8Engine reference(model, engine::KernelKind::kReference);
  DEEPAXE_ASSERT(reference.run_all(exact, 1, image) == tensors);
}

void check(const model::Int8Model& model) {
  const model::Int8Model again = tflite::parse_tflite(tflite::format_tflite(model), "again.tflite");
  DEEPAXE_ASSERT(model::content_key(again) == model::content_key(model));
  if (is_quick_to_run(model)) run_engine(model);
}

void check(const model::FloatModel& model) {
  if (!is_quick_to_run(model)) return;
  const std::vector<float> image(model::num_elements(model.input_shape()), 0.5F);
  (void)engine::run_float(model, image);
}

void run_tflite(std::span<const std::byte> input) {
  std::optional<tflite::Network> read;
  if (!accepts([&] { read = tflite::parse_network(input, "net.tflite"); }) || !read) return;
  std::visit([](const auto& model) { check(model); }, *read);
}

// Each operator alone, as we and as others write it and on floats; some graphs of several; one with
// roundings that are not the default.
std::vector<Bytes> tflite_seeds() {
  constexpr std::uint64_t kSeed = 1;
  constexpr int kNumGraphs = 6;
  const auto num_operators = static_cast<int>(conformance::operator_table().size());
  std::vector<Bytes> seeds;
  for (int index = 0; index < 3 * num_operators; ++index) {
    const bool is_alone = index % 3 == 0;
    if (!is_alone && index >= 3 * kNumGraphs) continue;
    model::Int8Model model = conformance::make_case(kSeed, index).model;
    seeds.push_back(tflite::format_tflite(model));
    const conformance::Draw draw(kSeed, static_cast<std::uint64_t>(index));
    seeds.push_back(conformance::as_foreign_file(seeds.back(), draw));
    if (is_alone) seeds.push_back(as_float_file(seeds[seeds.size() - 2]));
    if (index != 1) continue;
    for (model::Int8Node& node : model.nodes) node.rounding = quant::Rounding::kSingle;
    seeds.push_back(tflite::format_tflite(model));
  }
  return seeds;
}

}  // namespace

const Target kTflite{"tflite", run_tflite, tflite_seeds};

}  // namespace deepaxe::fuzz
