#include "deepaxe/frontend/circuit/verilog_elaboration.h"

#include <algorithm>
#include <deque>
#include <utility>
#include <vector>

#include "deepaxe/base/input_error.h"
#include "deepaxe/frontend/circuit/verilog_cells.h"
#include "deepaxe/frontend/circuit/verilog_evaluation.h"

namespace deepaxe::frontend::circuit {
namespace {

using Kind = VerilogExpression::Kind;

constexpr int kMaxDepth = 32;
constexpr std::size_t kMaxWork = 2'000'000;
constexpr Net kUnknown = 0xFFFF'FFFD;  // No net and no constant.

void collect_bits(const VerilogExpression& expression, std::vector<std::uint32_t>& bits) {
  bits.insert(bits.end(), expression.bits.begin(), expression.bits.end());
  for (const ExpressionPtr& operand : expression.operands) collect_bits(*operand, bits);
}

// An expression as something to drive: bits, or a concatenation of them, LSB first.
bool append_target(const VerilogExpression& expression, std::vector<std::uint32_t>& bits) {
  if (expression.kind == Kind::kBits) {
    bits.insert(bits.end(), expression.bits.begin(), expression.bits.end());
    return true;
  }
  if (expression.kind != Kind::kConcat) return false;
  return std::all_of(expression.operands.rbegin(), expression.operands.rend(),
                     [&](const ExpressionPtr& part) { return append_target(*part, bits); });
}

// One module with known inputs: items are evaluated once all the bits they read are known.
class ModuleElaboration {
 public:
  ModuleElaboration(Elaborator& elaborator, const VerilogModule& module)
      : elaborator_(elaborator),
        module_(module),
        values_(module.num_bits, kUnknown),
        readers_(module.num_bits) {}

  PortWords run(const PortWords& inputs) {
    for (const std::string& port : module_.ports) check_port(port);
    for (const auto& [port, word] : inputs) {
      set(bits_of(port), resize(word, bits_of(port).size(), false), module_.line);
    }
    plan();
    while (!ready_.empty()) {
      const std::size_t item = ready_.front();
      ready_.pop_front();
      evaluate(item);
      ++num_done_;
    }
    if (num_done_ != module_.items.size()) refuse_stuck_item();
    return outputs();
  }

 private:
  struct Plan {
    std::vector<std::uint32_t> targets;
    std::vector<std::pair<std::string, std::size_t>> inputs;  // Port, index of the connection.
    std::vector<std::pair<std::string, std::vector<std::uint32_t>>> outputs;
    std::size_t num_unknown = 0;
  };

  void check_port(const std::string& port) const {
    const auto found = module_.nets.find(port);
    if (found == module_.nets.end() || found->second.direction == Direction::kNone) {
      elaborator_.fail(module_.line, "port " + port + " of no direction", "input or output");
    }
  }

  std::vector<std::uint32_t> bits_of(const std::string& port) const {
    const VerilogNet& net = module_.nets.find(port)->second;
    std::vector<std::uint32_t> bits(net.width());
    for (std::uint32_t i = 0; i < net.width(); ++i) bits[i] = net.first + i;
    return bits;
  }

  std::string name_of(std::uint32_t bit) const {
    for (const auto& [name, net] : module_.nets) {
      if (bit < net.first || bit >= net.first + net.width()) continue;
      if (net.width() == 1) return name;
      const int offset = static_cast<int>(bit - net.first);
      return name + "[" + std::to_string(net.msb >= net.lsb ? net.lsb + offset : net.lsb - offset) +
             "]";
    }
    return "a net";
  }

  void set(const std::vector<std::uint32_t>& bits, const Word& word, int line) {
    for (std::size_t i = 0; i < bits.size(); ++i) {
      if (values_[bits[i]] != kUnknown) {
        elaborator_.fail(line, "a second driver of " + name_of(bits[i]), "one driver of every net");
      }
      values_[bits[i]] = word[i];
      for (const std::size_t reader : readers_[bits[i]]) {
        if (--plans_[reader].num_unknown == 0) ready_.push_back(reader);
      }
    }
  }

  void plan() {
    plans_.resize(module_.items.size());
    for (std::size_t i = 0; i < module_.items.size(); ++i) {
      std::vector<std::uint32_t> reads;
      plan_item(module_.items[i], plans_[i], reads);
      std::ranges::sort(reads);
      reads.erase(std::unique(reads.begin(), reads.end()), reads.end());
      for (const std::uint32_t bit : reads) {
        if (values_[bit] != kUnknown) continue;
        readers_[bit].push_back(i);
        ++plans_[i].num_unknown;
      }
      if (plans_[i].num_unknown == 0) ready_.push_back(i);
    }
  }

  void plan_item(const VerilogItem& item, Plan& plan, std::vector<std::uint32_t>& reads) const {
    plan.targets = item.targets;
    for (const ExpressionPtr& source : item.sources) collect_bits(*source, reads);
    if (item.kind == VerilogItem::Kind::kInstance) plan_instance(item, plan, reads);
  }

  void plan_instance(const VerilogItem& item, Plan& plan, std::vector<std::uint32_t>& reads) const {
    const VerilogModule& callee = elaborator_.find(item.name, item.line);
    for (std::size_t i = 0; i < item.connections.size(); ++i) {
      const VerilogItem::Connection& connection = item.connections[i];
      std::string port = connection.port;
      if (port.empty() && i < callee.ports.size()) port = callee.ports[i];
      const auto net = callee.nets.find(port);
      if (net == callee.nets.end() || net->second.direction == Direction::kNone) {
        elaborator_.fail(item.line, port.empty() ? "a connection too many" : "port " + port,
                         "a port of " + item.name);
      }
      if (!connection.expression) continue;
      if (net->second.direction == Direction::kInput) {
        collect_bits(*connection.expression, reads);
        plan.inputs.emplace_back(port, i);
        continue;
      }
      std::vector<std::uint32_t> bits;
      if (!append_target(*connection.expression, bits)) {
        elaborator_.fail(item.line, "an expression at output " + port, "a net");
      }
      plan.outputs.emplace_back(port, bits);
    }
  }

  VerilogEvaluation evaluation(int line) const {
    return {elaborator_.gates(), values_,
            [this, line](const std::string& found, const std::string& expected) {
              elaborator_.fail(line, found, expected);
            }};
  }

  void evaluate(std::size_t index) {
    const VerilogItem& item = module_.items[index];
    switch (item.kind) {
      case VerilogItem::Kind::kAssign:
        set(item.targets, evaluation(item.line).value(*item.sources[0], item.targets.size()),
            item.line);
        return;
      case VerilogItem::Kind::kPrimitive:
        set(item.targets, {primitive(item)}, item.line);
        return;
      case VerilogItem::Kind::kInstance:
        instance(item, plans_[index]);
    }
  }

  Net primitive(const VerilogItem& item) {
    GateWriter& gates = elaborator_.gates();
    Word inputs;
    for (const ExpressionPtr& source : item.sources) {
      inputs.push_back(evaluation(item.line).value(*source, 1)[0]);
    }
    Net result = inputs[0];  // buf, not
    if (item.name == "and" || item.name == "nand") result = gates.all(inputs);
    if (item.name == "or" || item.name == "nor") result = gates.any(inputs);
    if (item.name == "xor" || item.name == "xnor") result = gates.parity(inputs);
    const bool is_inverted = item.name.starts_with('n') || item.name == "xnor";
    return is_inverted ? gates.bit_not(result) : result;
  }

  void instance(const VerilogItem& item, const Plan& plan) {
    const VerilogModule& callee = elaborator_.find(item.name, item.line);
    PortWords inputs;
    for (const auto& [port, index] : plan.inputs) {
      inputs[port] = evaluation(item.line).value(*item.connections[index].expression,
                                                 callee.nets.find(port)->second.width());
    }
    for (const std::string& port : callee.ports) {
      const auto net = callee.nets.find(port);
      const bool is_input = net != callee.nets.end() && net->second.direction == Direction::kInput;
      if (is_input && !inputs.contains(port)) {
        elaborator_.fail(item.line, "input " + port + " of " + item.name + " left open", "a net");
      }
    }
    const PortWords outputs = elaborator_.elaborate(callee, inputs);
    for (const auto& [port, bits] : plan.outputs) {
      const auto found = outputs.find(port);
      if (found == outputs.end()) elaborator_.fail(item.line, "port " + port, "a listed port");
      set(bits, resize(found->second, bits.size(), false), item.line);
    }
  }

  PortWords outputs() const {
    PortWords words;
    for (const std::string& port : module_.ports) {
      if (module_.nets.find(port)->second.direction != Direction::kOutput) continue;
      for (const std::uint32_t bit : bits_of(port)) {
        if (values_[bit] == kUnknown) {
          elaborator_.fail(module_.line, name_of(bit) + " without a driver", "a driver");
        }
        words[port].push_back(values_[bit]);
      }
    }
    return words;
  }

  // Some bit that an item waits for has no driver, or its driver waits too.
  [[noreturn]] void refuse_stuck_item() const {
    std::vector<bool> is_driven(module_.num_bits);
    for (const Plan& plan : plans_) {
      for (const std::uint32_t bit : plan.targets) is_driven[bit] = true;
      for (const auto& [port, bits] : plan.outputs) {
        for (const std::uint32_t bit : bits) is_driven[bit] = true;
      }
    }
    for (std::uint32_t bit = 0; bit < module_.num_bits; ++bit) {
      if (values_[bit] != kUnknown || readers_[bit].empty() || is_driven[bit]) continue;
      elaborator_.fail(module_.items[readers_[bit][0]].line, name_of(bit) + " without a driver",
                       "a driver of every net that is read");
    }
    const auto stuck =
        std::ranges::find_if(plans_, [](const Plan& p) { return p.num_unknown > 0; });
    elaborator_.fail(module_.items[static_cast<std::size_t>(stuck - plans_.begin())].line,
                     "a combinational loop", "a circuit without memory");
  }

  Elaborator& elaborator_;
  const VerilogModule& module_;
  std::vector<Net> values_;                        // By bit of the module.
  std::vector<std::vector<std::size_t>> readers_;  // Items by bit that they wait for.
  std::vector<Plan> plans_;                        // By item.
  std::deque<std::size_t> ready_;
  std::size_t num_done_ = 0;
};

}  // namespace

PortWords Elaborator::elaborate(const VerilogModule& module, const PortWords& inputs) {
  work_ += module.num_bits + module.items.size() + 1;
  if (depth_ == kMaxDepth || work_ > kMaxWork) {
    fail(module.line, depth_ == kMaxDepth ? "a hierarchy deeper than 32" : "too many instances",
         "a multiplier");
  }
  ++depth_;
  PortWords outputs = ModuleElaboration(*this, module).run(inputs);
  --depth_;
  return outputs;
}

const VerilogModule& Elaborator::find(const std::string& name, int line) const {
  const auto found = modules_.find(name);
  if (found != modules_.end()) return found->second;
  if (const VerilogModule* cell = find_pdk45_cell(name)) return *cell;
  fail(line, "cell " + name, "a module of the file, a gate primitive or a PDK45 cell");
}

void Elaborator::fail(int line, const std::string& found, const std::string& expected) const {
  throw base::InputError({file_, "line " + std::to_string(line), found, expected});
}

}  // namespace deepaxe::frontend::circuit
