#include "deepaxe/engine/layer_inputs.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "deepaxe/engine/int8_model_for_test.h"

namespace deepaxe::engine {
namespace {

TEST(LayerInputs, AreTheTensorsThatTheLayersReadOfTheFirstImages) {
  ModelBuilder builder("net", {6, 6, 2}, 4);
  builder.conv(3, {.kernel_h = 3, .kernel_w = 3});
  builder.flatten();
  builder.dense(4);
  const Int8Engine engine(builder.build());
  const Assignment exact = exact_assignment(engine.model());
  std::vector<std::int8_t> images(5 * engine.node_size(0));
  for (std::size_t i = 0; i < images.size(); ++i) images[i] = static_cast<std::int8_t>(i * 7);
  const auto tensors = engine.run_all(exact, 5, images);
  for (const std::size_t most : {std::size_t{2}, std::size_t{5}, std::size_t{64}}) {
    const LayerInputs inputs(engine, exact, images, most);
    ASSERT_EQ(inputs.num_images(), std::min<std::size_t>(most, 5));
    ASSERT_EQ(inputs.codes().size(), 2U);
    const std::span<const std::int8_t> read[] = {tensors[0], tensors[2]};
    for (std::size_t l = 0; l < 2; ++l) {
      const std::span<const std::int8_t> codes = inputs.codes()[l];
      ASSERT_EQ(codes.size(), read[l].size() / 5 * inputs.num_images());
      EXPECT_TRUE(std::equal(codes.begin(), codes.end(), read[l].begin())) << "layer " << l;
    }
  }
}

}  // namespace
}  // namespace deepaxe::engine
