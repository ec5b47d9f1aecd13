#include "deepaxe/frontend/tflite/names.h"

#include <gtest/gtest.h>

namespace deepaxe::frontend::tflite {
namespace {

TEST(Names, TheScopeThatSpeaksOfTheLayerIsItsName) {
  EXPECT_EQ(layer_name("lenet5_1/conv2d_1/Relu;lenet5_1/conv2d_1/BiasAdd", model::Conv2d{}),
            "conv2d_1");
  EXPECT_EQ(layer_name("model/activation/Relu;model/conv2d/BiasAdd/resource", model::Conv2d{}),
            "conv2d");
  EXPECT_EQ(layer_name("net/dense_2/MatMul;net/dense_2/BiasAdd", model::Dense{}), "dense_2");
  EXPECT_EQ(layer_name("m/activation_2/Relu;m/add/add", model::Arithmetic{}), "add");
}

TEST(Names, WithoutSuchAScopeTheInnermostOneIsTheName) {
  EXPECT_EQ(layer_name("net/fc1/MatMul", model::Dense{}), "fc1");
  EXPECT_EQ(layer_name("sequential/flatten/Reshape", model::Reshape{}), "flatten");
}

TEST(Names, WhatConvertersAddIsStripped) {
  EXPECT_EQ(layer_name("serving_default_input_layer:0", model::Input{}), "input_layer");
  EXPECT_EQ(layer_name("sequential/quant_conv2d/Relu", model::Conv2d{}), "conv2d");
}

TEST(Names, MadeUpNamesGiveWayToTheOp) {
  EXPECT_EQ(layer_name("StatefulPartitionedCall_1:0", model::Softmax{}), "softmax");
  EXPECT_EQ(layer_name("Identity_int8", model::Softmax{}), "softmax");
  EXPECT_EQ(layer_name("", model::Arithmetic{}), "add");
}

TEST(Names, ATakenNameGetsTheFirstFreeNumber) {
  std::set<std::string> taken;
  EXPECT_EQ(make_unique("conv", taken), "conv");
  EXPECT_EQ(make_unique("conv", taken), "conv_2");
  EXPECT_EQ(make_unique("conv", taken), "conv_3");
}

}  // namespace
}  // namespace deepaxe::frontend::tflite
