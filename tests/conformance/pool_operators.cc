// Pools, and reductions over height and width.
#include "operators.h"

namespace deepaxe::conformance {
namespace {

void append_pool(Draft& draft, int input, model::PoolKind kind) {
  const model::Window window = random_window(draft.draw(), draft.shape(input), false);
  draft.add(model::Pool{.kind = kind, .window = window}, {input}, draft.node(input).quant,
            draft.random_fused());
}

void append_global(Draft& draft, int input, model::PoolKind kind, quant::QuantParams quant) {
  const int channels = model::num_channels(draft.shape(input));
  draft.add(model::GlobalPool{.kind = kind}, {input}, quant, Fused::kNone,
            draft.draw().one_in(2) ? model::Shape{channels} : model::Shape{1, 1, channels});
}

}  // namespace

void append_max_pool(Draft& draft, int input) { append_pool(draft, input, model::PoolKind::kMax); }

void append_average_pool(Draft& draft, int input) {
  append_pool(draft, input, model::PoolKind::kAverage);
}

// Half keep the scale of their input, as converters that share it do.
void append_global_average_pool(Draft& draft, int input) {
  const quant::QuantParams quant = draft.draw().one_in(2)
                                       ? draft.node(input).quant
                                       : draft.quant_with_factor(draft.scale(input), -12, 12);
  append_global(draft, input, model::PoolKind::kAverage, quant);
}

void append_global_max_pool(Draft& draft, int input) {
  append_global(draft, input, model::PoolKind::kMax, draft.node(input).quant);
}

}  // namespace deepaxe::conformance
