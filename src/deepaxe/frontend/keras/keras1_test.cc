#include "deepaxe/frontend/keras/keras1.h"

#include <gtest/gtest.h>

#include "deepaxe/base/input_error.h"

namespace deepaxe::frontend::keras {
namespace {

Layer modernized(const char* class_name, const char* config) {
  Layer layer;
  layer.class_name = class_name;
  layer.name = "layer_1";
  layer.config = Json::parse(config);
  modernize_layer(layer, "old.h5");
  return layer;
}

TEST(ModernizeLayer, RenamesAConvolutionAndItsFields) {
  const Layer layer = modernized("Convolution2D", R"({"nb_filter": 8, "nb_row": 3, "nb_col": 5,
      "border_mode": "same", "subsample": [2, 1], "bias": false, "dim_ordering": "th"})");
  EXPECT_EQ(layer.class_name, "Conv2D");
  EXPECT_EQ(layer.config["filters"], 8);
  EXPECT_EQ(layer.config["kernel_size"], Json::array({3, 5}));
  EXPECT_EQ(layer.config["padding"], "same");
  EXPECT_EQ(layer.config["strides"], Json::array({2, 1}));
  EXPECT_EQ(layer.config["use_bias"], false);
  EXPECT_EQ(layer.config["data_format"], "channels_first");
  EXPECT_EQ(layer.config[kKernelOihw], true);
}

TEST(ModernizeLayer, LeavesLaterLayersAsTheyAre) {
  const char* config = R"({"filters": 8, "kernel_size": [3, 3], "padding": "valid"})";
  EXPECT_EQ(modernized("Conv2D", config).config, Json::parse(config));
}

TEST(ModernizeLayer, ReadsEveryFormOfPadding) {
  const Json expected = Json::parse("[[1, 2], [3, 4]]");
  EXPECT_EQ(modernized("ZeroPadding2D", R"({"padding": [1, 2, 3, 4]})").config["padding"],
            expected);
  EXPECT_EQ(modernized("ZeroPadding2D", R"({"padding": {"top_pad": 1, "bottom_pad": 2,
                "left_pad": 3, "right_pad": 4}})")
                .config["padding"],
            expected);
}

TEST(ModernizeLayer, TurnsMergeIntoAddOrConcatenateAndRefusesOtherModes) {
  EXPECT_EQ(modernized("Merge", R"({"mode": "sum"})").class_name, "Add");
  const Layer concat = modernized("Merge", R"({"mode": "concat", "concat_axis": 3})");
  EXPECT_EQ(concat.class_name, "Concatenate");
  EXPECT_EQ(concat.config["axis"], 3);
  EXPECT_THROW(modernized("Merge", R"({"mode": "dot"})"), base::InputError);
}

}  // namespace
}  // namespace deepaxe::frontend::keras
