#include "deepaxe/model/print.h"

#include <fmt/format.h>

#include "deepaxe/base/text.h"

namespace deepaxe::model {
namespace {

using Row = std::vector<std::string>;

std::string describe_window(const Window& w) {
  std::string text = fmt::format("{}x{}", w.kernel_h, w.kernel_w);
  if (w.stride_h != w.stride_w) {
    text += fmt::format(" stride {}x{}", w.stride_h, w.stride_w);
  } else if (w.stride_h != 1) {
    text += fmt::format(" stride {}", w.stride_h);
  }
  if (w.dilation_h != 1 || w.dilation_w != 1) {
    text += fmt::format(" dilation {}x{}", w.dilation_h, w.dilation_w);
  }
  if (w.pad_top + w.pad_bottom + w.pad_left + w.pad_right != 0) {
    text += fmt::format(" pad {},{},{},{}", w.pad_top, w.pad_bottom, w.pad_left, w.pad_right);
  }
  return text;
}

std::string describe_activation(const Activation& activation) {
  if (activation.kind != ActivationKind::kRelu) return "";
  std::string text;
  if (activation.has_max) text += fmt::format(" max {}", activation.max_value);
  if (activation.negative_slope != 0) text += fmt::format(" slope {}", activation.negative_slope);
  if (activation.threshold != 0) text += fmt::format(" threshold {}", activation.threshold);
  return text.empty() ? text : text.substr(1);
}

struct Describe {
  std::string operator()(const Conv2d& op) const {
    return describe_window(op.window) + (op.groups > 1 ? fmt::format(" groups {}", op.groups) : "");
  }
  std::string operator()(const DepthwiseConv2d& op) const {
    return describe_window(op.window) +
           (op.depth_multiplier > 1 ? fmt::format(" multiplier {}", op.depth_multiplier) : "");
  }
  std::string operator()(const Pool& op) const { return describe_window(op.window); }
  std::string operator()(const Permute& op) const {
    return fmt::format("axes {}", fmt::join(op.axes, ","));
  }
  std::string operator()(const Activate& op) const { return describe_activation(op.activation); }
  std::string operator()(const Pad& op) const {
    const std::string sizes =
        fmt::format("{}+{}", fmt::join(op.before, ","), fmt::join(op.after, ","));
    return op.value == 0 ? sizes : fmt::format("{} with {}", sizes, op.value);
  }
  std::string operator()(const Slice& op) const {
    return fmt::format("from {} by {}", fmt::join(op.begin, ","), fmt::join(op.stride, ","));
  }
  std::string operator()(const Arithmetic& op) const {
    if (op.constant == ConstantOperand::kNone) return "";
    return fmt::format("{} constant {}",
                       op.constant == ConstantOperand::kFirst ? "first" : "second",
                       to_string(op.constant_shape));
  }
  std::string operator()(const Concatenate& op) const { return fmt::format("axis {}", op.axis); }
  template <typename Other>
  std::string operator()(const Other&) const {
    return "";
  }
};

void append_quantization(Row&, const FloatNode&) {}
void append_quantization(Row& row, const Int8Node& node) {
  row.push_back(fmt::format("{:.6g}", node.quant.scale));
  row.push_back(std::to_string(node.quant.zero_point));
  row.emplace_back(node.weight_scales.empty()       ? "-"
                   : node.weight_scales.size() == 1 ? "tensor"
                                                    : "channel");
  std::string fused = "-";
  if (node.activation.kind != ActivationKind::kNone) {
    fused = op_name(Activate{node.activation});
    const std::string detail = describe_activation(node.activation);
    if (!detail.empty()) fused += " " + detail;
  }
  row.push_back(std::move(fused));
}

template <typename Node>
std::string print_graph(const Graph<Node>& graph, Row header) {
  std::vector<Row> rows = {std::move(header)};
  std::int64_t macs = 0;
  std::int64_t parameters = 0;
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    const Node& node = graph.nodes[i];
    const std::int64_t node_macs = num_macs(graph, static_cast<int>(i));
    macs += node_macs;
    parameters += num_parameters(node);
    Row row = {std::to_string(i),
               node.name,
               std::string(op_name(node.op)),
               describe(node.op),
               fmt::format("{}", fmt::join(node.inputs, ",")),
               to_string(node.shape),
               std::to_string(node_macs),
               std::to_string(num_parameters(node))};
    append_quantization(row, node);
    rows.push_back(std::move(row));
  }
  rows.push_back({"", "total", "", "", "", "", std::to_string(macs), std::to_string(parameters)});
  return base::align_columns(rows);
}

}  // namespace

std::string describe(const Op& op) { return std::visit(Describe{}, op); }

template <typename Node>
std::int64_t num_parameters(const Node& node) {
  return static_cast<std::int64_t>(node.weights.size() + node.bias.size());
}

template std::int64_t num_parameters(const FloatNode&);
template std::int64_t num_parameters(const Int8Node&);

std::string print_table(const FloatModel& model) {
  return print_graph(model, {"#", "layer", "op", "detail", "reads", "shape", "MACs", "parameters"});
}

std::string print_table(const Int8Model& model) {
  return print_graph(model, {"#", "layer", "op", "detail", "reads", "shape", "MACs", "parameters",
                             "scale", "zero point", "weight scale", "activation"});
}

}  // namespace deepaxe::model
