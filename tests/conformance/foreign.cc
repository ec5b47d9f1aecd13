#include "foreign.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

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
  constexpr auto kInt8 = fb::TensorType_INT8;
  const auto border = draw.pick({kInt8, fb::TensorType_UINT8, fb::TensorType_FLOAT32});
  const auto output_border = draw.pick({kInt8, fb::TensorType_UINT8, fb::TensorType_FLOAT32});
  if (border != kInt8) put_input_border(file, border);
  if (output_border != kInt8) put_output_border(file, output_border);
  if (draw.one_in(2)) use_old_code_field(file);  // Last: the others ask for the new one.
  return packed(file);
}

}  // namespace deepaxe::conformance
