// DifferenceSimulator: the outcome of one fault on one image, carrying only what differs from the
// golden run from node to node.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "deepaxe/engine/int8_engine.h"
#include "deepaxe/fault/difference_loops.h"
#include "deepaxe/fault/fault_space.h"
#include "deepaxe/fault/image_state.h"
#include "deepaxe/fault/injector.h"
#include "deepaxe/fault/outcome.h"
#include "deepaxe/fault/propagator.h"
#include "deepaxe/fault/sibling_sums.h"
#include "deepaxe/fault/tail.h"

namespace deepaxe::fault {

/// By computing layer: one multiplier, or one for each output channel.
using LayerMultipliers = std::vector<std::vector<const arith::Multiplier*>>;
LayerMultipliers layer_multipliers(const engine::Assignment& assignment);

/// What faults inside the arithmetic need to know of it.
struct Hardware {
  /// By computing layer: the netlist of its multiplier, or null. Empty: none has one. They outlive
  /// the simulators made with them.
  std::vector<const arith::Netlist*> netlists = {};
  int parallel_outputs = 1;  ///< N: unit u of a layer computes its channels o with o mod N = u.
};
Hardware hardware_of(const engine::Assignment& assignment, int parallel_outputs);

/// Immutable, hence safe to share between threads, each with an ImageState of its own.
class DifferenceSimulator {
 public:
  /// The engine and the multipliers outlive the simulator. Throws std::invalid_argument if the
  /// number of layers or of channels does not fit.
  DifferenceSimulator(const engine::Int8Engine& engine, LayerMultipliers multipliers,
                      const Hardware& hardware = {});

  ImageState make_state() const;

  /// The golden run of one image (codes of the input node); replaces the image before.
  void load_image(std::span<const std::int8_t> image, int label, ImageState& state) const;

  /// Outcomes of faults on the loaded image: outcomes[i] is that of faults[i]. Faults that come
  /// down to the same difference, now or in an earlier call, are computed once.
  void simulate(std::span<const Fault> faults, ImageState& state,
                std::span<Outcome> outcomes) const;
  /// Losses of margin of the faults last simulated, of a state that measures them.
  void collect_losses(const ImageState& state, std::span<std::int16_t> losses) const;

  /// Outcome of one fault, by itself: `logits` holds the faulty logits after.
  Outcome simulate_alone(const Fault& fault, ImageState& state) const;
  std::span<const std::int8_t> logits(const ImageState& state) const;

 private:
  struct Step {  // A node that computes something the logits depend on.
    int node = 0;
    std::vector<int> roots;  // Memories of its inputs.
    std::unique_ptr<Propagator> propagator;
    std::shared_ptr<const ComputingNode> computing;  // Null for other nodes.
    std::shared_ptr<const SiblingSums> siblings;     // Null where changes go one by one.
    std::unique_ptr<LayerInjector> injector;         // Of computing nodes.
    std::vector<const arith::Multiplier*> multipliers;
    bool keeps_sums = false;  // Its accumulators come from the golden run itself.
  };

  Step make_step(NodeContext context, const arith::Netlist* netlist, int parallel_outputs);
  std::shared_ptr<FaultyTables> tables_of(const arith::Multiplier& multiplier,
                                          const arith::Netlist* netlist);
  void inject(const Fault& fault, ImageState& state) const;
  void run_golden(const Step& step, ImageState& state) const;
  void start(const Fault& fault, ImageState& state) const;
  static void begin_at(int node, ImageState& state);
  std::uint32_t find_case(const Fault& fault, ImageState& state) const;
  std::optional<std::uint32_t> propagate_to_case(int first_node, ImageState& state) const;
  template <typename Stop>
  void propagate_until(int first_node, ImageState& state, const Stop& stop) const;
  void note_only_readers();
  void make_computing_propagators();
  // cases.cc
  void find_cases(std::span<const Fault> flips, ImageState& state) const;
  std::uint32_t find_case_of_code(std::uint64_t key, ImageState& state) const;
  void start_at(std::uint64_t key, ImageState& state) const;
  std::uint32_t find_case_behind(int node, ImageState& state) const;
  static std::optional<std::uint32_t> look_up(std::uint64_t key, ImageState& state);
  std::optional<std::uint32_t> look_up_single(int node, ImageState& state) const;
  static std::uint32_t defer(std::uint64_t key, ImageState& state);
  void carry_deferred(ImageState& state) const;
  void carry_siblings(std::span<const DeferredCase> cases, ImageState& state) const;
  void end_before_tail(std::uint32_t case_index, std::size_t entry, CodeBlocks blocks,
                       const std::int8_t* codes, ImageState& state) const;
  void end_behind(std::uint32_t case_index, int node, CodeBlocks blocks, const std::int8_t* codes,
                  ImageState& state) const;
  std::optional<std::uint32_t> wait_for_tail(int node, ImageState& state) const;
  void add_to_queue(std::size_t entry, std::uint32_t case_index, ImageState& state) const;
  void run_tail(std::size_t entry, ImageState& state) const;
  Outcome compare_logits(const ImageState& state) const;
  static void note_loss(std::uint32_t case_index, std::span<const std::int8_t> faulty,
                        ImageState& state);

  const engine::Int8Engine& engine_;
  Tail tail_;
  int logits_root_ = 0;
  // Of all layers: those with the same multiplier share them.
  std::map<const arith::Multiplier*, std::shared_ptr<FaultyTables>> tables_;
  std::vector<Step> steps_;             // In graph order.
  std::vector<int> step_of_;            // By node: its step, or -1.
  std::vector<std::size_t> next_step_;  // By node: the first step after it.
  const DifferenceLoops& loops_ = difference_loops(kernel::active_isa());
  std::vector<int> only_reader_;  // By node: the step that alone reads its memory, or -1.
  std::vector<int> only_pool_;    // The same where that step is a pool.
  std::vector<int> last_reader_;  // By node: the last step's node that reads its memory.
};

}  // namespace deepaxe::fault
