#include "deepaxe/engine/int8_engine.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "deepaxe/base/input_error.h"
#include "deepaxe/base/interrupt.h"
#include "deepaxe/engine/int8_model_for_test.h"
#include "deepaxe/model/integer_functions.h"

namespace deepaxe::engine {
namespace {

std::vector<std::int8_t> random_images(std::size_t size, std::uint64_t seed) {
  const base::CounterRng rng(seed);
  std::vector<std::int8_t> codes(size);
  for (std::size_t i = 0; i < size; ++i) codes[i] = static_cast<std::int8_t>(rng.below(256, i));
  return codes;
}

// Every op that has an int8 kernel, on a small image.
model::Int8Model all_ops(std::uint64_t seed) {
  const quant::QuantParams wide{.scale = 0.08F, .zero_point = -20};
  ModelBuilder b("all_ops", {9, 8, 3}, seed);
  b.other(model::make_image_pad(1, 0, 2, 1));
  const int first = b.conv(8, {.kernel_h = 3,
                               .kernel_w = 3,
                               .stride_h = 2,
                               .stride_w = 2,
                               .pad_top = 1,
                               .pad_bottom = 1,
                               .pad_left = 1,
                               .pad_right = 1});
  b.depthwise(
      1,
      {.kernel_h = 3, .kernel_w = 3, .pad_top = 1, .pad_bottom = 1, .pad_left = 1, .pad_right = 1});
  const int second = b.other(
      model::Activate{{.kind = model::ActivationKind::kRelu, .max_value = 6, .has_max = true}},
      {-1}, &wide);
  const int sum = b.other(model::Arithmetic{}, {first, second}, &wide);
  const int grouped = b.conv(12, {.kernel_h = 1, .kernel_w = 1}, 2, first);
  b.other(model::Concatenate{.axis = 2}, {sum, grouped}, &wide);
  b.other(model::Permute{.axes = {1, 0, 2}});
  b.other(model::Pool{.kind = model::PoolKind::kAverage,
                      .window = {.kernel_h = 2, .kernel_w = 2, .pad_bottom = 1, .pad_right = 1}});
  b.other(model::make_image_crop(b.shape_of(-1), 1, 0, 0, 1));
  b.max_pool2();
  const quant::QuantParams narrow{.scale = 0.03F, .zero_point = 4};
  b.other(model::GlobalPool{}, {-1}, &narrow, {20});
  b.dense(7);
  b.other(model::Softmax{});
  return b.build();
}

Assignment mixed_assignment(const model::Int8Model& model) {
  Assignment assignment = exact_assignment(model);
  const char* const names[] = {"1KVP", "exact", "trunc(2)", "1KV9"};
  for (std::size_t l = 0; l < assignment.multipliers.size(); ++l) {
    assignment.multipliers[l] = arith::find_multiplier(names[l % 4]);
  }
  return assignment;
}

TEST(Int8Engine, TableKernelsGiveTheBytesOfTheReferenceKernels) {
  for (const model::Int8Model& model : {all_ops(1), all_ops(2), random_lenet5()}) {
    const Int8Engine reference(model, KernelKind::kReference);
    const Int8Engine table(model, KernelKind::kTable);
    const auto images = random_images(3 * table.node_size(0), 5);
    const Assignment assignment = mixed_assignment(model);
    EXPECT_EQ(table.run_all(assignment, 3, images), reference.run_all(assignment, 3, images));
  }
}

TEST(Int8Engine, TheBatchDoesNotChangeABit) {
  const Int8Engine engine(all_ops(3));
  const auto images = random_images(5 * engine.node_size(0), 6);
  const Assignment assignment = mixed_assignment(engine.model());
  const auto together = engine.run_all(assignment, 5, images);
  for (std::size_t image = 0; image < 5; ++image) {
    const auto alone = engine.run_all(
        assignment, 1, std::span(images).subspan(image * engine.node_size(0), engine.node_size(0)));
    for (std::size_t node = 0; node < alone.size(); ++node) {
      const auto size = alone[node].size();
      ASSERT_TRUE(std::equal(alone[node].begin(), alone[node].end(),
                             together[node].begin() + static_cast<std::ptrdiff_t>(image * size)))
          << "node " << node;
    }
  }
}

TEST(Int8Engine, NodesAfterTheLogitsAreLeftEmpty) {
  const Int8Engine engine(all_ops(1));
  const auto tensors =
      engine.run_all(exact_assignment(engine.model()), 1, random_images(engine.node_size(0), 1));
  EXPECT_EQ(engine.logits_node(), engine.num_nodes() - 2);
  EXPECT_EQ(engine.num_classes(), 7);
  EXPECT_EQ(tensors[static_cast<std::size_t>(engine.logits_node())].size(), 7U);
  EXPECT_TRUE(tensors.back().empty());
}

// 2 x 2 dense in plain arithmetic: x and w are codes, the zero point is taken off the activation.
TEST(Int8Engine, WithExactProductsADenseLayerIsTheAffineFormula) {
  ModelBuilder builder("dense", {2}, 1);
  builder.dense(2);
  model::Int8Model model = builder.build();
  model.nodes[0].quant = {.scale = 0.5F, .zero_point = 3};
  model::Int8Node& dense = model.nodes[1];
  dense.weights = {1, -2, 100, 50};
  dense.weight_scales = {0.25F, 0.125F};
  dense.bias = {10, -1000};
  dense.quant = {.scale = 0.25F, .zero_point = -7};
  dense.clamp_low = -128;
  const Int8Engine engine(model);
  const std::vector<std::int8_t> input = {5, -4};
  std::vector<std::int32_t> sums(2);
  const arith::Multiplier* exact = &arith::exact_multiplier()->multiplier;
  engine.accumulate_node(1, input.data(), {&exact, 1}, sums.data());
  EXPECT_EQ(sums, (std::vector<std::int32_t>{10 + (5 - 3) * 1 + (-4 - 3) * -2,
                                             -1000 + (5 - 3) * 100 + (-4 - 3) * 50}));
  const auto tensors = engine.run_all(exact_assignment(model), 1, input);
  // 26 * 0.5 - 7 and -1150 * 0.25 - 7, clamped.
  EXPECT_EQ(tensors[1], (std::vector<std::int8_t>{6, -128}));
}

TEST(Int8Engine, TakesOneMultiplierForEachOutputChannel) {
  const model::Int8Model model = all_ops(4);
  const int node = model::computing_nodes(model).front();
  const arith::Multiplier* exact = &arith::exact_multiplier()->multiplier;
  const arith::Multiplier* rough = &arith::find_multiplier("1KVP")->multiplier;
  std::vector<std::vector<std::int8_t>> results;
  for (const KernelKind kind : {KernelKind::kReference, KernelKind::kTable}) {
    const Int8Engine engine(model, kind);
    const auto input = random_images(2 * engine.node_size(1), 9);
    const std::int8_t* inputs[] = {input.data()};
    std::vector<const arith::Multiplier*> mixed(8, exact);
    mixed[3] = rough;
    results.emplace_back(2 * engine.node_size(node));
    engine.run_node(node, 2, inputs, mixed, results.back().data());
    std::vector<std::int8_t> all_exact(results.back().size());
    engine.run_node(node, 2, inputs, {&exact, 1}, all_exact.data());
    for (std::size_t i = 0; i < all_exact.size(); ++i) {
      if (i % 8 == 3) continue;
      ASSERT_EQ(results.back()[i], all_exact[i]);
    }
    EXPECT_NE(results.back(), all_exact);
  }
  EXPECT_EQ(results[0], results[1]);
}

TEST(Int8Engine, RefusesANumberOfMultipliersThatFitsNothing) {
  const Int8Engine engine(random_lenet5());
  const auto input = random_images(engine.node_size(0), 1);
  const std::int8_t* inputs[] = {input.data()};
  const std::vector<const arith::Multiplier*> five(5, &arith::exact_multiplier()->multiplier);
  std::vector<std::int8_t> output(engine.node_size(1));
  EXPECT_THROW(engine.run_node(1, 1, inputs, five, output.data()), std::invalid_argument);
  EXPECT_THROW(static_cast<void>(engine.computing_layer(2)), std::invalid_argument);
}

TEST(Int8Engine, RefusesANodeWithoutInt8KernelByNameAndOp) {
  ModelBuilder builder("odd", {4}, 1);
  builder.other(model::Activate{{.kind = model::ActivationKind::kRelu, .threshold = 1}});
  try {
    const Int8Engine engine(builder.build());
    FAIL() << "accepted a threshold";
  } catch (const base::InputError& error) {
    EXPECT_EQ(error.parts().file, "odd");
    EXPECT_EQ(error.parts().place, "layer relu1");
  }
  ModelBuilder affine("odd", {4}, 1);
  affine.other(model::Softmax{});  // Its output is not that of TFLite's softmax.
  affine.dense(3);
  EXPECT_THROW(Int8Engine(affine.build()), base::InputError);
}

// Of element e of a batch: the operands are found by broadcasting, image by image.
TEST(Int8Engine, ArithmeticBroadcastsWithinEachImage) {
  ModelBuilder builder("gate", {2, 3, 2}, 1);
  const int image = 0;
  const int gate =
      builder.other(model::GlobalPool{.kind = model::PoolKind::kMax}, {image}, nullptr, {1, 1, 2});
  const int product =
      builder.other(model::Arithmetic{.kind = model::ArithmeticKind::kMultiply}, {image, gate});
  builder.flatten();
  builder.dense(3);
  const model::Int8Model m = builder.build();
  const Int8Engine engine(m);
  const auto images = random_images(3 * engine.node_size(0), 5);
  const auto tensors = engine.run_all(exact_assignment(m), 3, images);
  const quant::BinaryArithmetic multiply =
      model::binary_arithmetic(m, m.nodes[static_cast<std::size_t>(product)]);
  for (std::size_t i = 0; i < images.size(); ++i) {
    const std::int8_t factor = tensors[static_cast<std::size_t>(gate)][i / 12 * 2 + i % 2];
    ASSERT_EQ(tensors[static_cast<std::size_t>(product)][i], multiply(images[i], factor));
  }
}

TEST(Evaluate, GivesTheSameBytesForAnyNumberOfThreads) {
  const Int8Engine engine(random_lenet5());
  const auto images = random_images(150 * engine.node_size(0), 3);
  const Assignment assignment = mixed_assignment(engine.model());
  const Evaluation one = evaluate(engine, assignment, images, {}, 1);
  const Evaluation four = evaluate(engine, assignment, images, {}, 4);
  EXPECT_EQ(one.logits, four.logits);
  EXPECT_EQ(one.predictions, four.predictions);
  EXPECT_EQ(one.correct, 0);
  EXPECT_EQ(evaluate(engine, assignment, images, one.predictions, 2).correct, 150);
}

TEST(Evaluate, StopsWhenInterrupted) {
  const Int8Engine engine(random_lenet5());
  const auto images = random_images(engine.node_size(0), 3);
  base::request_interrupt();
  EXPECT_THROW(evaluate(engine, exact_assignment(engine.model()), images, {}, 1),
               base::Interrupted);
  base::clear_interrupt();
}

TEST(Argmax, TakesTheFirstMaximum) {
  EXPECT_EQ(argmax(std::vector<std::int8_t>{-3, 7, 7, 2}), 1);
  EXPECT_EQ(argmax(std::vector<std::int8_t>{-128, -128}), 0);
}

}  // namespace
}  // namespace deepaxe::engine
