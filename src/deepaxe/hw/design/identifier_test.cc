#include "deepaxe/hw/design/identifier.h"

#include <gtest/gtest.h>

namespace deepaxe::hw::design {
namespace {

TEST(MakeIdentifier, KeepsLettersDigitsAndSingleUnderscores) {
  EXPECT_EQ(make_identifier("conv2d_1", "layer_"), "conv2d_1");
  EXPECT_EQ(make_identifier("model/conv 1//Relu;fused/BiasAdd", "layer_"), "model_conv_1_Relu");
  EXPECT_EQ(make_identifier("bam(1,3)", ""), "bam_1_3");
  EXPECT_EQ(make_identifier("3x3", "layer_"), "layer_3x3");
  EXPECT_EQ(make_identifier("\xC3\xA9__\n", "layer_"), "layer_");
}

}  // namespace
}  // namespace deepaxe::hw::design
