#include "deepaxe/model/op.h"

#include <gtest/gtest.h>

#include "deepaxe/model/shape.h"

namespace deepaxe::model {
namespace {

TEST(Shape, CountsAndPrintsItsSizes) {
  EXPECT_EQ(num_elements({28, 28, 3}), 2352U);
  EXPECT_EQ(num_elements({}), 1U);
  EXPECT_EQ(to_string(Shape{28, 28, 3}), "28x28x3");
  EXPECT_EQ(num_channels({28, 28, 3}), 3);
}

// The definition, counted: window positions whose last element is inside the padded input.
TEST(Window, OutputSizeIsTheNumberOfPositionsThatFit) {
  for (int in = 1; in <= 9; ++in) {
    for (int kernel = 1; kernel <= 4; ++kernel) {
      for (int stride = 1; stride <= 3; ++stride) {
        for (int dilation = 1; dilation <= 2; ++dilation) {
          int positions = 0;
          for (int at = 0; at + (kernel - 1) * dilation < in + 1; at += stride) ++positions;
          EXPECT_EQ(window_output_size(in, kernel, stride, dilation, 1, 0), positions);
        }
      }
    }
  }
}

TEST(Window, SamePaddingGivesCeilOfInOverStride) {
  for (int in = 1; in <= 12; ++in) {
    for (int kernel = 1; kernel <= 5; ++kernel) {
      for (int stride = 1; stride <= 4; ++stride) {
        Window window{
            .kernel_h = kernel, .kernel_w = kernel, .stride_h = stride, .stride_w = stride};
        set_same_padding(window, in, in);
        const int out =
            window_output_size(in, kernel, stride, 1, window.pad_top, window.pad_bottom);
        EXPECT_EQ(out, (in + stride - 1) / stride);
        EXPECT_LE(window.pad_bottom - window.pad_top, 1);  // The odd element stands after.
        EXPECT_GE(window.pad_bottom, window.pad_top);
      }
    }
  }
}

TEST(Op, OnlyConvolutionsAndDenseCompute) {
  EXPECT_TRUE(is_computing(Conv2d{}));
  EXPECT_TRUE(is_computing(DepthwiseConv2d{}));
  EXPECT_TRUE(is_computing(Dense{}));
  EXPECT_FALSE(is_computing(Affine{}));
  EXPECT_FALSE(is_computing(Arithmetic{}));
  EXPECT_EQ(op_name(Pool{.kind = PoolKind::kAverage}), "average_pool");
}

}  // namespace
}  // namespace deepaxe::model
