#include "deepaxe/hw/verilog/block_rams.h"

#include <fmt/format.h>

#include <string_view>

#include "deepaxe/base/text.h"
#include "deepaxe/hw/verilog/rtl.h"

namespace deepaxe::hw::verilog {
namespace {

constexpr int kByteRows = 128;  // INIT_00 to INIT_7F, 256 bits each.
constexpr int kParityRows = 16;

struct Rows {
  std::string parameters;  // NAME_00 = 0, ...
  std::string cases;       // 0: FUNCTION = NAME_00; ...
};

Rows rows_of(std::string_view parameter, std::string_view function, int count) {
  Rows rows;
  for (int row = 0; row < count; ++row) {
    const std::string name = fmt::format("{}_{:02X}", parameter, row);
    const std::string_view separator = row == 0 ? "" : row % 8 == 0 ? ",\n        " : ", ";
    rows.parameters += fmt::format("{}{} = 0", separator, name);
    rows.cases += fmt::format("            {}: {} = {};\n", row, function, name);
  }
  return rows;
}

}  // namespace

std::string block_rams_text() {
  const Rows bytes = rows_of("INIT", "bytes_of_row", kByteRows);
  const Rows parities = rows_of("INITP", "parities_of_row", kParityRows);
  std::string text(bench_file("block_rams.v"));
  text = base::replaced(text, "@BYTE_PARAMETERS@", bytes.parameters);
  text = base::replaced(text, "@PARITY_PARAMETERS@", parities.parameters);
  text = base::replaced(text, "@BYTE_ROWS@", bytes.cases);
  return base::replaced(text, "@PARITY_ROWS@", parities.cases);
}

}  // namespace deepaxe::hw::verilog
