#include "deepaxe/cli/error_figures.h"

namespace deepaxe::cli {

nlohmann::ordered_json stats_json(const arith::ErrorStats& stats) {
  return {{"mean_absolute_error_lsb", stats.mean_absolute_lsb},
          {"mean_error_lsb", stats.mean_lsb},
          {"mean_square_error_lsb2", stats.mean_square_lsb2},
          {"worst_case_error_lsb", stats.worst_case_lsb},
          {"error_probability", stats.probability},
          {"mean_relative_error", stats.mean_relative}};
}

}  // namespace deepaxe::cli
