#include "deepaxe/hw/hls/nest.h"

#include <algorithm>

namespace deepaxe::hw::hls {
namespace {

class NestMaker {
 public:
  NestMaker(const std::string& layer, const design::LayerShape& shape, bool is_dense,
            int parallel_outputs, const LoopParams& params)
      : layer_(layer),
        shape_(shape),
        is_dense_(is_dense),
        parallel_outputs_(std::min(parallel_outputs, shape.out_c)),
        params_(params),
        order_(shape.out_c == 1 ? LoopOrder::kPixel : params.order) {}

  Nest make() const {
    Nest nest{.outer = places(),
              .inner = products(),
              .lanes = lanes(),
              .is_last_group_short =
                  order_ != LoopOrder::kInput && shape_.out_c % parallel_outputs_ != 0};
    if (order_ == LoopOrder::kPixel) nest.outer.push_back(groups());
    if (order_ == LoopOrder::kOutput) nest.outer.insert(nest.outer.begin(), groups());
    set_pipeline(nest);
    Directives& innermost = nest.inner.back().directives;
    innermost.unroll = std::min(params_.unroll, nest.inner.back().bound);
    nest.weight_parts = innermost.unroll;  // The innermost loop is the fastest axis of the weights.
    return nest;
  }

 private:
  Loop loop(const char* axis, const char* variable, int bound) const {
    return {.label = layer_ + "_" + axis, .variable = variable, .bound = bound};
  }

  std::vector<Loop> places() const {
    if (!is_dense_) return {loop("rows", "y", shape_.out_h), loop("columns", "x", shape_.out_w)};
    if (shape_.out_h == 1) return {};
    return {loop("positions", "p", shape_.out_h)};  // The layer is applied at every position.
  }

  std::vector<Loop> products() const {
    if (is_dense_) return {loop("inputs", "c", shape_.in_c)};
    std::vector<Loop> loops = {loop("kernel_rows", "i", shape_.window.kernel_h),
                               loop("kernel_columns", "j", shape_.window.kernel_w)};
    if (shape_.group_in() > 1) loops.push_back(loop("inputs", "c", shape_.group_in()));
    return loops;
  }

  Loop groups() const {
    if (parallel_outputs_ == 1) return loop("outputs", "o", shape_.out_c);
    return loop("groups", "group", (shape_.out_c + parallel_outputs_ - 1) / parallel_outputs_);
  }

  // All outputs one after the other, or a group of them side by side.
  Loop lanes() const {
    const bool has_all = order_ == LoopOrder::kInput;
    Loop lanes =
        has_all ? loop("outputs", "o", shape_.out_c) : loop("lanes", "lane", parallel_outputs_);
    lanes.directives.unroll = parallel_outputs_;
    return lanes;
  }

  void set_pipeline(Nest& nest) const {
    if (params_.pipeline == Pipeline::kNone) return;
    // A dense layer with all its sums at once has no loop around them.
    if (params_.pipeline == Pipeline::kWindow && !nest.outer.empty()) {
      nest.outer.back().directives.pipeline = 1;
    } else if (order_ == LoopOrder::kInput) {
      nest.lanes.directives.pipeline = 1;
    } else {
      nest.inner.back().directives.pipeline = 1;
    }
  }

  const std::string& layer_;
  const design::LayerShape& shape_;
  bool is_dense_;
  int parallel_outputs_;
  const LoopParams& params_;
  LoopOrder order_;  // One output is no order of outputs.
};

// The law knows two kernels: 5x5 takes a cycle for an input channel, 3x3 takes three.
int paper_interval(const model::Window& window) { return window.kernel_h == 3 ? 3 : 1; }

}  // namespace

Nest make_nest(const std::string& layer, const design::LayerShape& shape, bool is_dense,
               int parallel_outputs, const LoopParams& params) {
  return NestMaker(layer, shape, is_dense, parallel_outputs, params).make();
}

Nest make_paper_nest(const std::string& layer, const design::LayerShape& shape, bool is_dense) {
  const LoopParams sequential{.pipeline = Pipeline::kNone};
  Nest nest = make_nest(layer, shape, is_dense, 1, sequential);
  if (is_dense) return nest;
  if (shape.group_in() > 1) nest.inner.pop_back();
  for (Loop& kernel : nest.inner) kernel.directives.unroll = kernel.bound;
  nest.inner.insert(nest.inner.begin(), {.label = layer + "_inputs",
                                         .variable = "c",
                                         .bound = shape.group_in(),
                                         .directives = {.pipeline = paper_interval(shape.window)}});
  return nest;
}

}  // namespace deepaxe::hw::hls
