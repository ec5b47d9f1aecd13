#include "deepaxe/frontend/circuit/c_source.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "deepaxe/frontend/circuit/parse_for_test.h"

namespace deepaxe::frontend::circuit {
namespace {

std::string signed_function(const std::string& body) {
  return "#include <stdint.h>\nint16_t f(int8_t A, int8_t B)\n{\n" + body + "\n}\n";
}

Circuit parse(const std::string& body) { return parse_text_file(signed_function(body), "f.c"); }
std::string refusal(const std::string& body) { return refusal_of(signed_function(body), "f.c"); }

TEST(CSource, TheOperatorIsTheExactMultiplier) {
  const Circuit circuit = parse("return A * B;");
  EXPECT_EQ(circuit.table.signedness, Signedness::kSigned);
  EXPECT_EQ(arith::identity(circuit.table), identity_of("exact"));
  EXPECT_EQ(arith::Multiplier(gate_products(circuit)).identity(), identity_of("exact"));
}

// By a constant it is shifts and sums, and no product of two variables.
TEST(CSource, ProductsOfVariablesAreCounted) {
  EXPECT_EQ(parse("return A * B;").num_expanded, 1);
  EXPECT_EQ(parse("return (A & ~1) * B + (A & 1) * (B & 3);").num_expanded, 2);
  EXPECT_EQ(parse("return 3 * A - B * 4;").num_expanded, 0);
}

// Closed form of trunc(3), in the way C computes it.
TEST(CSource, PromotionsAreThoseOfC) {
  EXPECT_EQ(arith::identity(parse("return (A & ~7) * (B & ~7);").table), identity_of("trunc(3)"));
  EXPECT_EQ(arith::identity(parse("return ((A >> 3) << 3) * ((B >> 3) * 8);").table),
            identity_of("trunc(3)"));
  EXPECT_EQ(arith::identity(parse("return (int8_t)(A & 0xF8u) * (int8_t)(B & 0370);").table),
            identity_of("trunc(3)"));
}

TEST(CSource, AssignmentsGoInOrder) {
  const Circuit circuit = parse(
      "int16_t P = 0, P_; uint8_t t;\n t = (A >> 7) & 1;\n P_ = t;\n t = A; P = (int8_t)t;\n"
      "P *= B; P += P_; P -= (A >> 7) & 1; P <<= 1; P >>= 1; P |= 0; P ^= 0; P &= -1;\n"
      "return P;");
  EXPECT_EQ(product_of(circuit, -3, 5), -15);
  EXPECT_EQ(product_of(circuit, 127, 127), 127 * 127);
}

TEST(CSource, ConditionsChoose) {
  const Circuit circuit = parse(
      "return A < 0 && B != 0 || A == 1 ? -(-A * B) : !(A >= 2) ? A * B : (A > 5) <= 1 ? B * A "
      ": 0;");
  EXPECT_EQ(arith::identity(circuit.table), identity_of("exact"));
}

TEST(CSource, NamesOfTheParametersTellTheOperands) {
  const std::string body = "{ return A * (B & ~15); }";
  const auto parse_signature = [&](const std::string& signature) {
    return parse_text_file(signature + body, "mul8u_x.c");
  };
  const Circuit ab = parse_signature("uint64_t mul8u_x(const uint64_t A, const uint64_t B)");
  const Circuit ba = parse_signature("uint64_t mul8u_x(const uint64_t B, const uint64_t A)");
  EXPECT_EQ(ab.table.products, ba.table.products);
  EXPECT_EQ(product_of(ab, 3, 31), 3 * 16);
  const Circuit swapped =
      parse_text_file("uint64_t mul8u_x(const uint64_t B, const uint64_t A)" + body, "mul8u_x.c",
                      {.signedness = std::nullopt, .order = OperandOrder::kBa});
  EXPECT_EQ(product_of(swapped, 31, 3), 3 * 16);
  EXPECT_EQ(gate_products(swapped)[31 << 8 | 3], 3 * 16);
}

TEST(CSource, WithOtherNamesTheOrderDecides) {
  const Circuit circuit =
      parse_text_file("uint16_t f(uint8_t y, uint8_t x) { return y * (x & 1); }", "f.c");
  EXPECT_EQ(product_of(circuit, 200, 3), 200);
  EXPECT_EQ(circuit.table.signedness, Signedness::kUnsigned);
}

TEST(CSource, UnsignedTypesOfASignedCircuitCarryPatterns) {
  const Circuit circuit = parse_text_file(
      "uint16_t mul8s_x(uint8_t A, uint8_t B) { return (int8_t)A * (int8_t)B; }", "f.c");
  EXPECT_EQ(arith::identity(circuit.table), identity_of("exact"));
}

TEST(CSource, AmbiguousOperandsAreAskedFor) {
  const std::string text = "uint64_t f(uint64_t a, uint64_t b) { return a * b; }";
  EXPECT_EQ(refusal_of(text, "f.c"),
            "f.c: found nothing that tells signed from unsigned operands, expected --signed or "
            "--unsigned");
  const Circuit circuit = parse_text_file(
      text, "f.c", {.signedness = Signedness::kUnsigned, .order = OperandOrder::kAb});
  EXPECT_EQ(product_of(circuit, 255, 255), 255 * 255);
}

TEST(CSource, ProductsBeyond16BitsAreKept) {
  const Circuit circuit =
      parse_text_file("uint64_t mul8u_x(uint64_t A, uint64_t B) { return 2 * A * B; }", "f.c");
  EXPECT_EQ(product_of(circuit, 255, 255), 2 * 255 * 255);
}

TEST(CSource, ATableOfAdaptIsIndexedByPatterns) {
  std::string text = "#include <stdint.h>\n\nconst int16_t lut [256][256] = {";
  for (int a = 0; a < 256; ++a) {
    text += a == 0 ? "{" : ",\n{";
    for (int b = 0; b < 256; ++b) {
      text +=
          (b == 0 ? "" : ", ") + std::to_string((a < 128 ? a : a - 256) * (b < 128 ? b : b - 256));
    }
    text += "}";
  }
  EXPECT_EQ(arith::identity(parse_text_file(text + "};\n", "lut.h").table), identity_of("exact"));
  EXPECT_TRUE(has(refusal_of(text + "", "lut.h"), "found the end of the file, expected '}'"));
}

TEST(CSource, WhatIsNoStraightLineIsRefusedByLineAndToken) {
  const std::vector<std::pair<const char*, const char*>> cases = {
      {"while (1) {}\nreturn A;", "line 4: found 'while'"},
      {"for (;;) ;\nreturn A;", "line 4: found 'for'"},
      {"int x = system(A);\nreturn A;", "line 4: found 'system', expected no call"},
      {"int *p = 0;\nreturn A;", "line 4: found '*', expected the name of a variable"},
      {"int x[3];\nreturn A;", "line 4: found '['"},
      {"goto end;\nreturn A;", "line 4: found 'goto'"},
      {"return A / B;", "line 4: found '/'"},
      {"return A << B;", "line 4: found '<<', expected a shift by a constant from 0 to 31"},
      {"return A >> 32;", "expected a shift by a constant from 0 to 31"},
      {"return C;", "line 4: found 'C', expected a variable that is declared"},
      {"int P; P |= 1;\nreturn P;", "expected a variable that is written before it is read"},
      {"int A;\nreturn A;", "expected a name that is not declared yet"},
      {"return 1.5;", "line 4: found '.'"},
      {"return \"x\";", "line 4: found '\"', expected C source"},
      {"A++;\nreturn A;", "line 4: found '++', expected '='"},
      {"return A; /* no end", "a comment without end"},
      {"", "line 5: found '}'"},
  };
  for (const auto& [body, message] : cases)
    EXPECT_TRUE(has(refusal(body), message)) << refusal(body);
}

TEST(CSource, OtherIncludesAndSecondFunctionsAreRefused) {
  EXPECT_TRUE(
      has(refusal_of("#include <stdio.h>\nint f;", "f.c"), "line 1: found '#include <stdio.h>'"));
  EXPECT_TRUE(has(refusal_of("#include \"../stdint.h\"\nint f;", "f.c"), "line 1"));
  EXPECT_TRUE(has(refusal_of("#define X 1\nint f;", "f.c"), "line 1: found '#define X 1'"));
  EXPECT_TRUE(has(refusal_of(signed_function("return A;") + "int g(int a, int b) {}", "f.c"),
                  "expected nothing after one function or table"));
}

TEST(CSource, DepthAndSizeAreBounded) {
  const std::string deep = "return " + std::string(100'000, '(') + "A;";
  EXPECT_TRUE(has(refusal(deep), "an expression nested less deeply"));
  const std::string signs = "return " + std::string(100'000, '~') + "A;";
  EXPECT_TRUE(has(refusal(signs), "an expression nested less deeply"));
  std::string big = "uint64_t x = A;\n";
  for (int i = 0; i < 100; ++i) big += "x *= x + B;\n";
  EXPECT_TRUE(has(refusal(big + "return x;"), "more than 200000 gates"));
}

}  // namespace
}  // namespace deepaxe::frontend::circuit
