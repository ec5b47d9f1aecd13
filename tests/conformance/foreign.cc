#include "foreign.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "subset_generated.h"

namespace deepaxe::conformance {
namespace {

namespace fb = frontend::tflite::fb;

// One file taken apart, with the questions that the rewrites ask of it.
struct File {
  fb::ModelT model;

  fb::SubGraphT& graph() { return *model.subgraphs.front(); }
  fb::BuiltinOperator code_of(const fb::OperatorT& op) const {
    return model.operator_codes.at(op.opcode_index)->builtin_code;
  }
  fb::TensorT& tensor(int index) { return *graph().tensors.at(static_cast<std::size_t>(index)); }
  const std::vector<std::uint8_t>& data(int tensor_index) {
    return model.buffers.at(tensor(tensor_index).buffer)->data;
  }
  std::uint32_t add_code(fb::BuiltinOperator code, int version) {
    auto added = std::make_unique<fb::OperatorCodeT>();
    added->deprecated_builtin_code = static_cast<std::int8_t>(code);
    added->builtin_code = code;
    added->version = version;
    model.operator_codes.push_back(std::move(added));
    return static_cast<std::uint32_t>(model.operator_codes.size() - 1);
  }
  // A tensor of the shape of `like`, in other numbers.
  int add_tensor(int like, fb::TensorType type, const std::string& name) {
    auto added = std::make_unique<fb::TensorT>();
    added->shape = tensor(like).shape;
    added->type = type;
    added->name = name;
    if (type == fb::TensorType_UINT8) {
      added->quantization = std::make_unique<fb::QuantizationT>(*tensor(like).quantization);
      added->quantization->zero_point.front() += 128;
    }
    graph().tensors.push_back(std::move(added));
    return static_cast<int>(graph().tensors.size() - 1);
  }
  int add_constant(const std::vector<int>& shape, const std::vector<std::int32_t>& values) {
    auto buffer = std::make_unique<fb::BufferT>();
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(values.data());
    buffer->data.assign(bytes, bytes + values.size() * sizeof values.front());
    model.buffers.push_back(std::move(buffer));
    auto added = std::make_unique<fb::TensorT>();
    added->shape = shape;
    added->type = fb::TensorType_INT32;
    added->buffer = static_cast<std::uint32_t>(model.buffers.size() - 1);
    added->name = "constant";
    graph().tensors.push_back(std::move(added));
    return static_cast<int>(graph().tensors.size() - 1);
  }
  // A tensor of the numbers of `like`, in another shape.
  int add_shaped(int like, const std::vector<int>& shape, const std::string& name) {
    auto added = std::make_unique<fb::TensorT>();
    added->shape = shape;
    added->type = tensor(like).type;
    added->name = name;
    added->quantization = std::make_unique<fb::QuantizationT>(*tensor(like).quantization);
    graph().tensors.push_back(std::move(added));
    return static_cast<int>(graph().tensors.size() - 1);
  }
};

std::unique_ptr<fb::OperatorT> make_operator(std::uint32_t code, int input, int output) {
  auto op = std::make_unique<fb::OperatorT>();
  op->opcode_index = code;
  op->inputs = {input};
  op->outputs = {output};
  return op;
}

void put_input_border(File& file, fb::TensorType type) {
  const int network_input = file.graph().inputs.front();
  const int fed = file.add_tensor(network_input, type, "fed");
  auto& operators = file.graph().operators;
  operators.insert(operators.begin(), make_operator(file.add_code(fb::BuiltinOperator_QUANTIZE, 1),
                                                    fed, network_input));
  file.graph().inputs = {fed};
}

void put_output_border(File& file, fb::TensorType type) {
  const int network_output = file.graph().outputs.front();
  const int given = file.add_tensor(network_output, type, "given");
  const std::uint32_t code = type == fb::TensorType_UINT8
                                 ? file.add_code(fb::BuiltinOperator_QUANTIZE, 1)
                                 : file.add_code(fb::BuiltinOperator_DEQUANTIZE, 2);
  file.graph().operators.push_back(make_operator(code, network_output, given));
  file.graph().outputs = {given};
}

void drop_zero_biases(File& file) {
  for (const auto& op : file.graph().operators) {
    const fb::BuiltinOperator code = file.code_of(*op);
    const bool computing = code == fb::BuiltinOperator_CONV_2D ||
                           code == fb::BuiltinOperator_DEPTHWISE_CONV_2D ||
                           code == fb::BuiltinOperator_FULLY_CONNECTED;
    if (!computing) continue;
    const std::vector<std::uint8_t>& bias = file.data(op->inputs.at(2));
    if (std::ranges::all_of(bias, [](std::uint8_t byte) { return byte == 0; })) {
      op->inputs.at(2) = -1;
    }
  }
}

void put_shapes_into_options(File& file) {
  for (const auto& op : file.graph().operators) {
    if (file.code_of(*op) != fb::BuiltinOperator_RESHAPE) continue;
    fb::ReshapeOptionsT options;
    options.new_shape = file.tensor(op->outputs.front()).shape;
    op->builtin_options.Set(std::move(options));
    op->inputs.resize(1);
  }
}

void count_axes_from_behind(File& file) {
  for (const auto& op : file.graph().operators) {
    const auto rank = static_cast<int>(file.tensor(op->outputs.front()).shape.size());
    if (auto* options = op->builtin_options.AsConcatenationOptions()) options->axis -= rank;
  }
}

// FULLY_CONNECTED without keep_num_dims reads an image as a vector by itself.
void drop_flattens(File& file) {
  auto& operators = file.graph().operators;
  for (const auto& dense : operators) {
    if (file.code_of(*dense) != fb::BuiltinOperator_FULLY_CONNECTED ||
        file.tensor(dense->outputs.front()).shape.size() != 2) {
      continue;
    }
    for (const auto& flatten : operators) {
      if (file.code_of(*flatten) == fb::BuiltinOperator_RESHAPE &&
          flatten->outputs.front() == dense->inputs.front()) {
        dense->inputs.front() = flatten->inputs.front();
      }
    }
  }
}

// One axis of a dilated window, spread over `dilation` images.
struct SpreadAxis {
  int before, after;  // Padding, rounded up so that every image is equally long...
  int excess;         // ...by so much, which is cut off again.
  int spread_in, spread_out;
};

SpreadAxis spread_axis(int in, int kernel, int dilation, bool is_same) {
  const int padding = is_same ? (kernel - 1) * dilation : 0;
  const int excess = (dilation - (in + padding) % dilation) % dilation;
  const int length = (in + padding + excess) / dilation;
  return {.before = padding / 2,
          .after = padding - padding / 2 + excess,
          .excess = excess,
          .spread_in = length,
          .spread_out = length - kernel + 1};
}

// The window of a convolution, whichever kind.
struct DilatedWindow {
  int& dilation_h;
  int& dilation_w;
  fb::Padding& padding;
  bool has_stride;
};

std::optional<DilatedWindow> dilated_window(fb::OperatorT& op) {
  const auto window = [](auto& options) {
    return DilatedWindow{.dilation_h = options.dilation_h,
                         .dilation_w = options.dilation_w,
                         .padding = options.padding,
                         .has_stride = options.stride_h != 1 || options.stride_w != 1};
  };
  if (auto* conv = op.builtin_options.AsConv2DOptions()) return window(*conv);
  if (auto* depthwise = op.builtin_options.AsDepthwiseConv2DOptions()) return window(*depthwise);
  return std::nullopt;
}

// The dilated convolution as older converters write it; op keeps its output.
void spread_dilation(File& file, fb::OperatorT& op, const DilatedWindow& window,
                     std::vector<std::unique_ptr<fb::OperatorT>>& operators) {
  const int input = op.inputs.front();
  const int output = op.outputs.front();
  const std::vector<int> in = file.tensor(input).shape;
  const std::vector<int> kernel = file.tensor(op.inputs.at(1)).shape;
  const int dilation_h = std::exchange(window.dilation_h, 1);
  const int dilation_w = std::exchange(window.dilation_w, 1);
  const bool is_same = std::exchange(window.padding, fb::Padding_VALID) == fb::Padding_SAME;
  const SpreadAxis h = spread_axis(in.at(1), kernel.at(1), dilation_h, is_same);
  const SpreadAxis w = spread_axis(in.at(2), kernel.at(2), dilation_w, is_same);
  const int batch = dilation_h * dilation_w;
  const int channels = file.tensor(output).shape.at(3);
  const int spread = file.add_shaped(input, {batch, h.spread_in, w.spread_in, in.at(3)}, "spread");
  const int convolved =
      file.add_shaped(output, {batch, h.spread_out, w.spread_out, channels}, "convolved");
  const int block = file.add_constant({2}, {dilation_h, dilation_w});
  const int pads = file.add_constant({2, 2}, {h.before, h.after, w.before, w.after});
  const int crops = file.add_constant({2, 2}, {0, h.excess, 0, w.excess});
  operators.push_back(
      make_operator(file.add_code(fb::BuiltinOperator_SPACE_TO_BATCH_ND, 2), input, spread));
  operators.back()->inputs = {input, block, pads};
  op.inputs.front() = spread;
  op.outputs.front() = convolved;
  operators.push_back(std::make_unique<fb::OperatorT>(op));
  operators.push_back(
      make_operator(file.add_code(fb::BuiltinOperator_BATCH_TO_SPACE_ND, 2), convolved, output));
  operators.back()->inputs = {convolved, block, crops};
}

void spread_dilations(File& file) {
  std::vector<std::unique_ptr<fb::OperatorT>> operators;
  for (auto& op : file.graph().operators) {
    const std::optional<DilatedWindow> window = dilated_window(*op);
    if (window && !window->has_stride && window->dilation_h * window->dilation_w > 1) {
      spread_dilation(file, *op, *window, operators);
    } else {
      operators.push_back(std::move(op));
    }
  }
  file.graph().operators = std::move(operators);
}

void use_old_code_field(File& file) {
  for (const auto& code : file.model.operator_codes) code->builtin_code = fb::BuiltinOperator_ADD;
}

std::vector<std::byte> packed(const File& file) {
  flatbuffers::FlatBufferBuilder builder;
  fb::FinishModelBuffer(builder, fb::Model::Pack(builder, &file.model));
  const auto* bytes = reinterpret_cast<const std::byte*>(builder.GetBufferPointer());
  return {bytes, bytes + builder.GetSize()};
}

}  // namespace

std::vector<std::byte> as_foreign_file(std::span<const std::byte> tflite, Draw draw) {
  File file;
  fb::GetModel(tflite.data())->UnPackTo(&file.model);
  file.model.description = draw.one_in(2) ? "" : "another converter";
  if (draw.one_in(2)) put_shapes_into_options(file);
  if (draw.one_in(2)) count_axes_from_behind(file);
  if (draw.one_in(2)) drop_flattens(file);
  if (draw.one_in(2)) drop_zero_biases(file);
  if (!draw.one_in(4)) spread_dilations(file);
  constexpr auto kInt8 = fb::TensorType_INT8;
  const auto border = draw.pick({kInt8, fb::TensorType_UINT8, fb::TensorType_FLOAT32});
  const auto output_border = draw.pick({kInt8, fb::TensorType_UINT8, fb::TensorType_FLOAT32});
  if (border != kInt8) put_input_border(file, border);
  if (output_border != kInt8) put_output_border(file, output_border);
  if (draw.one_in(2)) use_old_code_field(file);  // Last: the others ask for the new one.
  return packed(file);
}

}  // namespace deepaxe::conformance
