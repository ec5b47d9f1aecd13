#include "deepaxe/hw/verilog/state_places.h"

#include <fmt/format.h>

#include <array>
#include <initializer_list>
#include <variant>

#include "deepaxe/hw/design/layer_arrays.h"
#include "deepaxe/hw/verilog/pipeline_core.h"
#include "deepaxe/model/integer_functions.h"

namespace deepaxe::hw::verilog {
namespace {

using enum StateGroup;
using Names = std::initializer_list<const char*>;

constexpr std::array<std::string_view, kNumStateGroups> kGroupNames = {
    "activation", "weight", "constant", "accumulator", "data", "counter", "control"};

// Collects places below one instance. Each method is one module of `rtl`, or the registers of a
// module that is written for a layer.
class Collector {
 public:
  explicit Collector(std::vector<StatePlace>& places) : places_(places) {}

  void registers(const std::string& instance, StateGroup group, Names names) {
    for (const char* name : names) places_.push_back({instance + "." + name, group, false});
  }
  void memory(const std::string& instance, StateGroup group, const char* name) {
    places_.push_back({instance + "." + name, group, true});
  }

  // What the shells of both schedules have.
  void shell(const std::string& shell) {
    registers(shell, kControl, {"automatic_start", "start_asked", "wrong_length"});
    registers(shell + ".registers", kControl, {"s_axil_bvalid", "s_axil_rvalid"});
    registers(shell, kCounter, {"images", "logit_address"});
    registers(shell + ".registers", kData, {"s_axil_rdata"});
  }
  void image_queue(const std::string& queue) {
    memory(queue, kActivation, "codes");
    registers(queue, kData, {"read_code"});
    registers(queue, kCounter, {"write_address", "read_base", "place", "rows_coming", "held"});
  }
  void tensor_buffer(const std::string& buffer) {
    memory(buffer, kActivation, "codes");
    registers(buffer, kData, {"read_code"});
    registers(buffer, kCounter, {"write_address", "place", "rows_written"});
  }
  void constants(const std::string& rom) {
    memory(rom, kConstant, "words");
    registers(rom, kData, {"word"});
  }
  void walker(const std::string& walker, bool is_padded) {
    registers(walker, kControl, {"running", "first", "at_line_start"});
    registers(walker, kCounter,
              {"address", "channel", "kernel_column", "kernel_row", "group", "set", "column",
               "line", "pause", "rows_needed"});
    if (is_padded) registers(walker, kCounter, {"border.input_row", "border.input_column"});
  }
  void stepper(const std::string& stepper) {
    registers(stepper, kControl, {"running", "at_line_start"});
    registers(stepper, kCounter,
              {"line", "column", "channel", "a_needed", "b_needed", "a_address", "b_address"});
  }
  void engine(const std::string& engine, const design::LayerWalk& walk) {
    walker(engine + ".walker", walk.is_padded());
    registers(engine, kControl, {"valid", "is_first", "is_last", "is_last_group", "is_inside"});
    registers(engine, kCounter, {"weight_address", "left", "phase"});
    registers(engine, kData, {"activation", "weight_codes"});
    registers(engine, kAccumulator, {"leaving"});
    for (int lane = 0; lane < walk.lanes; ++lane) {
      const std::string path = fmt::format("{}.lanes[{}]", engine, lane);
      registers(path, kData, {"product"});
      registers(path, kAccumulator, {"total"});
    }
  }
  void requantizer(const std::string& requantizer, int interval, quant::Rounding rounding) {
    registers(requantizer, kCounter, {"bias_channel", "scale_channel"});
    registers(requantizer, kControl,
              {"valid_1", "valid_2", "product_valid", "cut_valid", "code_valid"});
    registers(requantizer, kAccumulator, {"waiting_sum", "x"});
    registers(requantizer, kData, {"product", "product_shift", "code"});
    if (interval > 1) {
      registers(requantizer + ".in_digits", kData, {"rest"});
      registers(requantizer + ".in_digits", kCounter, {"step"});
      registers(requantizer + ".in_digits", kControl, {"busy"});
    }
    if (rounding == quant::Rounding::kDouble) {
      registers(requantizer + ".twice", kData, {"high", "distance"});
    } else {
      registers(requantizer + ".once", kData, {"shifted"});
    }
  }

  void computing_layer(const std::string& layer, const LayerModule& module) {
    engine(layer + ".engine", module.walk);
    if (!module.has_weight_stream) memory(layer + ".weights", kWeight, "words");
    registers(layer + ".weights", kData, {"word"});
    constants(layer + ".biases");
    if (!design::layer_arrays(module.model, module.plan.node).has_one_scale()) {
      constants(layer + ".scales");
    }
    requantizer(layer + ".requantizer", module.walk.interval, module.node().rounding);
  }
  void max_pool(const std::string& pool, bool is_padded) {
    walker(pool + ".walker", is_padded);
    registers(pool, kControl, {"is_valid", "is_inside", "is_first", "is_last", "code_valid"});
    registers(pool, kData, {"largest"});
  }
  void average_pool(const std::string& pool, bool is_padded) {
    walker(pool + ".walker", is_padded);
    registers(pool, kControl,
              {"is_valid", "is_in_image", "is_first", "is_last", "sum_valid", "quotient_valid",
               "code_valid"});
    registers(pool, kAccumulator, {"sum"});
    registers(pool, kCounter, {"count"});
    registers(pool, kData, {"scaled", "negative", "code"});
    constants(pool + ".reciprocals");
  }
  void mean(const std::string& layer, int interval) {
    walker(layer + ".sums.walker", false);
    registers(layer + ".sums", kControl, {"is_valid", "is_first", "is_last", "sum_valid"});
    registers(layer + ".sums", kAccumulator, {"sum"});
    requantizer(layer + ".requantizer", interval, quant::Rounding::kDouble);
  }
  void pointwise(const std::string& move, bool uses_table) {
    stepper(move + ".stepper");
    registers(move, kControl, {"is_valid", "is_in_image", "was_in_image", "code_valid"});
    if (uses_table) {
      constants(move + ".by_table.values");
    } else {
      registers(move + ".as_it_is", kData, {"kept"});
    }
  }
  void arithmetic(const std::string& layer, const LayerModule& module) {
    const auto kind = model::binary_arithmetic(module.model, module.node()).kind;
    const bool rectifies = kind == quant::BinaryKind::kPrelu;
    if (module.node().inputs.size() == 1) constants(layer + ".constant_codes");
    stepper(layer + ".stepper");
    registers(layer, kControl, {"codes_valid"});
    registers(layer + ".arithmetic", kControl, {"terms_valid", "sum_valid"});
    registers(layer + ".arithmetic", kData, {"sum", "is_product"});
    if (rectifies || kind == quant::BinaryKind::kMultiply) {
      registers(layer + ".arithmetic.product", kData, {"a", "b"});
    } else {
      constants(layer + ".arithmetic.terms.terms_a");
      constants(layer + ".arithmetic.terms.terms_b");
    }
    if (rectifies) registers(layer, kControl, {"was_product", "of_product"});
    requantizer(layer + ".requantizer", 1, quant::Rounding::kDouble);
  }
  void concatenate(const std::string& layer, const LayerModule& module) {
    registers(layer + ".concatenator", kControl, {"running"});
    registers(layer + ".concatenator", kCounter, {"piece", "part", "element", "addresses"});
    registers(layer, kControl, {"codes_valid", "values_valid", "part_read", "chosen"});
    for (std::size_t i = 0; i < module.node().inputs.size(); ++i) {
      if (module.input(i).quant == module.node().quant) {
        places_.push_back({fmt::format("{}.value_{}", layer, i), kData, false});
      } else {
        constants(fmt::format("{}.rescaled_{}", layer, i));
      }
    }
  }

 private:
  std::vector<StatePlace>& places_;
};

void collect_layer(Collector& collector, const std::string& layer, const LayerModule& module) {
  using design::LayerKind;
  const design::LayerWalk& walk = module.walk;
  switch (walk.kind) {
    case LayerKind::kComputing:
      return collector.computing_layer(layer, module);
    case LayerKind::kMaxPool:
      return collector.max_pool(layer + ".pool", walk.is_padded());
    case LayerKind::kAveragePool:
      return collector.average_pool(layer + ".pool", walk.is_padded());
    case LayerKind::kMean:
      return collector.mean(layer, walk.interval);
    case LayerKind::kPointwise:
      return collector.pointwise(layer + ".move",
                                 std::holds_alternative<model::Activate>(module.node().op));
    case LayerKind::kArithmetic:
      return collector.arithmetic(layer, module);
    case LayerKind::kConcatenate:
      return collector.concatenate(layer, module);
  }
}

// All but the layers themselves.
void collect_sequential(Collector& collector, const std::vector<LayerModule>& layers) {
  collector.registers("shell", kControl, {"state"});
  collector.registers("core", kControl, {"busy"});
  collector.registers("core", kCounter, {"cycles"});
  collector.tensor_buffer("core.image");
  for (const LayerModule& layer : layers) collector.tensor_buffer("core." + layer.plan.target);
}

void collect_pipeline(Collector& collector, const std::vector<LayerModule>& layers,
                      const std::vector<design::ImageQueue>& queues) {
  collector.registers("shell", kControl, {"sending", "coming"});
  collector.registers("shell", kCounter, {"images_taken", "cycles", "cycles_so_far"});
  for (const design::ImageQueue& queue : queues) {
    collector.image_queue("core." + queue_name(layers, queues, queue));
  }
  for (const LayerModule& layer : layers) {
    collector.registers("core." + layer.plan.name + "_stage", kControl, {"busy", "written"});
  }
}

}  // namespace

std::string_view to_string(StateGroup group) noexcept {
  return kGroupNames[static_cast<std::size_t>(group)];
}

std::optional<StateGroup> parse_state_group(std::string_view text) noexcept {
  for (std::size_t i = 0; i < kGroupNames.size(); ++i) {
    if (kGroupNames[i] == text) return static_cast<StateGroup>(i);
  }
  return std::nullopt;
}

std::vector<StatePlace> state_places(const std::vector<LayerModule>& layers,
                                     const std::vector<design::ImageQueue>& queues) {
  std::vector<StatePlace> places = {{"reset", kControl, false}};
  Collector collector(places);
  collector.shell("shell");
  const bool is_pipelined = !queues.empty();
  is_pipelined ? collect_pipeline(collector, layers, queues)
               : collect_sequential(collector, layers);
  for (const LayerModule& layer : layers) {
    collect_layer(collector, "core." + layer.plan.name + "_layer", layer);
  }
  return places;
}

}  // namespace deepaxe::hw::verilog
