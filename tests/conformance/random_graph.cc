#include "random_graph.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "draft.h"
#include "operators.h"

namespace deepaxe::conformance {
namespace {

constexpr int kNumRandomImages = 3;
constexpr std::size_t kMaxElements = 4096;  // Of one tensor: small files, short runs.

model::Shape random_input_shape(Draw& draw, bool image) {
  const auto side = [&] { return draw.one_in(5) ? 1 : draw.between(2, draw.one_in(8) ? 40 : 11); };
  const int channels = draw.one_in(4) ? 1 : draw.between(2, 17);
  if (image || draw.one_in(2)) return {side(), side(), channels};
  if (draw.one_in(3)) return {side(), channels};
  return {draw.between(1, 60)};
}

bool fits(const OperatorEntry& entry, const Draft& draft, int input) {
  return !entry.needs_image || draft.is_image(input);
}

const OperatorEntry& random_entry(Draw& draw) {
  const auto table = operator_table();
  return table[static_cast<std::size_t>(draw.between(0, static_cast<int>(table.size()) - 1))];
}

// Appends `length` layers, each reading the last node or, where `branching`, now and then another.
void append_layers(Draft& draft, int length, bool branching) {
  for (int layer = 0; layer < length; ++layer) {
    const bool back = branching && draft.draw().one_in(3);
    const int input = back ? draft.draw().between(0, draft.last()) : draft.last();
    if (model::num_elements(draft.shape(input)) > kMaxElements) return;
    const OperatorEntry* entry = &random_entry(draft.draw());
    while (!fits(*entry, draft, input)) {
      entry = &random_entry(draft.draw());
    }
    entry->append(draft, input);
  }
}

std::vector<std::int8_t> make_images(Draw draw, const model::Int8Node& input) {
  const std::size_t size = model::num_elements(input.shape);
  std::vector<std::int8_t> images(size * kNumRandomImages);
  for (std::int8_t& code : images) code = draw.code();
  for (const int code : {-128, 127, static_cast<int>(input.quant.zero_point)}) {
    images.insert(images.end(), size, static_cast<std::int8_t>(code));
  }
  return images;
}

model::Int8Model make_model(std::uint64_t seed, int index) {
  const auto table = operator_table();
  const auto family = index % 3;
  const OperatorEntry& alone = table[static_cast<std::size_t>(index / 3) % table.size()];
  Draw draw(seed, static_cast<std::uint64_t>(index) * 2);
  model::Shape shape = random_input_shape(draw, alone.needs_image && family == 0);
  Draft draft(draw, std::move(shape));
  if (family == 0) {
    alone.append(draft, 0);
  } else {
    append_layers(draft, draft.draw().between(2, 6), family == 2);
  }
  model::Int8Model model = draft.model();
  model.name = fmt::format("case_{:04}", index);
  return model;
}

}  // namespace

Case make_case(std::uint64_t seed, int index) {
  Case made{.model = make_model(seed, index), .num_images = 0, .images = {}};
  const model::Int8Node& input = made.model.nodes.front();
  made.images = make_images(Draw(seed, static_cast<std::uint64_t>(index) * 2 + 1), input);
  made.num_images = static_cast<int>(made.images.size() / model::num_elements(input.shape));
  return made;
}

}  // namespace deepaxe::conformance
