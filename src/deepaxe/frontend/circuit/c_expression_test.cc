#include "deepaxe/frontend/circuit/c_expression.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "deepaxe/base/child.h"
#include "deepaxe/base/file.h"
#include "deepaxe/base/philox.h"
#include "deepaxe/frontend/circuit/parse_for_test.h"

namespace deepaxe::frontend::circuit {
namespace {

// Expressions over variables of every width and sign, a function of (seed, index) each.
class RandomExpression {
 public:
  explicit RandomExpression(std::uint64_t seed) : rng_(seed) {}

  std::string text(int depth) {
    if (depth == 0) return operand();
    const std::string a = text(depth - 1);
    switch (below(6)) {
      case 0:
        return "(" + pick({"~", "-", "!", "+"}) + a + ")";
      case 1:
        return "((" + pick({"int8_t", "uint8_t", "uint16_t", "int32_t", "uint64_t", "unsigned"}) +
               ")" + a + ")";
      case 2:
        return "(" + a + pick({" << ", " >> "}) + std::to_string(below(8)) + ")";
      case 3:
        return "(" + a + " ? " + text(depth - 1) + " : " + text(depth - 1) + ")";
      default:
        // Without parentheses the binding of the operators is tested too.
        return (below(2) == 0 ? "(" + a + ")" : operand()) +
               pick({" & ", " | ", " ^ ", " + ", " - ", " * ", " == ", " != ", " < ", " > ",
                     " <= ", " >= ", " && ", " || "}) +
               (below(2) == 0 ? "(" + text(depth - 1) + ")" : operand());
    }
  }

 private:
  std::uint64_t below(std::uint64_t bound) { return rng_.below(bound, next_++); }
  std::string pick(const std::vector<std::string>& list) { return list[below(list.size())]; }
  std::string operand() {
    return pick({"A", "B", "u8", "u16", "i32", "u64", "3", "0x80u", "-1", "200", "07"});
  }

  base::CounterRng rng_;
  std::uint64_t next_ = 0;
};

std::string function_of(const std::string& name, const std::string& expression) {
  return "int16_t " + name +
         "(int8_t A, int8_t B)\n{\n  uint8_t u8 = A * 3; uint16_t u16 = A - B; int i32 = A * B;\n"
         "  uint64_t u64 = B;\n  u64 += A;\n  return " +
         expression + ";\n}\n";
}

// FNV-1a of the products in table order.
std::string hash_of(const arith::ProductTable& table) {
  std::uint64_t hash = 0xCBF2'9CE4'8422'2325;
  for (const std::int32_t product : table.products) {
    hash = (hash ^ static_cast<std::uint16_t>(product)) * 0x100'0000'01B3;
  }
  return std::to_string(hash);
}

// The compiler is the definition of C. Seeds 0..59.
TEST(CExpression, RandomExpressionsHaveTheValuesOfTheCompiler) {
  constexpr int kNumFunctions = 60;
  std::string source = "#include <stdint.h>\n#include <stdio.h>\n", calls, ours;
  for (int i = 0; i < kNumFunctions; ++i) {
    const std::string name = "f" + std::to_string(i);
    const std::string function =
        function_of(name, RandomExpression(static_cast<std::uint64_t>(i)).text(1 + i % 5));
    source += function;
    calls += "  print(" + name + ");\n";
    ours += hash_of(parse_text_file(function, "f.c").table) + "\n";
  }
  source +=
      "static void print(int16_t (*f)(int8_t, int8_t)) {\n  uint64_t h = 0xCBF29CE484222325u;\n"
      "  for (int i = 0; i < 65536; ++i)\n"
      "    h = (h ^ (uint16_t)f((int8_t)(i >> 8), (int8_t)i)) * 0x100000001B3u;\n"
      "  printf(\"%llu\\n\", (unsigned long long)h);\n}\nint main(void) {\n" +
      calls + "}\n";
  const std::filesystem::path file =
      std::filesystem::path(testing::TempDir()) / "deepaxe_expressions.c";
  const std::string program = file.string() + ".out";
  base::write_file_atomically(file, source);
  const auto compiled = base::run_program(
      {"gcc", "-w", "-O1", "-fwrapv", "-o", program, file.string()}, {.seconds = 120});
  if (compiled.exit_code == 127) GTEST_SKIP() << "no gcc";
  ASSERT_EQ(compiled.exit_code, 0);
  const auto result = base::run_program({program}, {.seconds = 120});
  EXPECT_EQ(std::string(reinterpret_cast<const char*>(result.output.data()), result.output.size()),
            ours);
  std::filesystem::remove(file);
  std::filesystem::remove(program);
}

}  // namespace
}  // namespace deepaxe::frontend::circuit
