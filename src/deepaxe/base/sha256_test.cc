#include "deepaxe/base/sha256.h"

#include <gtest/gtest.h>

#include <span>
#include <string>

namespace deepaxe::base {
namespace {

std::string hash_of(const std::string& text) { return Sha256().add(text).hex(); }

// FIPS 180-4 examples, published by NIST with the standard.
TEST(Sha256, GivesThePublishedExamples) {
  EXPECT_EQ(hash_of(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(hash_of("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(hash_of("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(hash_of(std::string(1'000'000, 'a')),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256, DoesNotDependOnHowTheTextIsCut) {
  const std::string text =
      "a text of more than sixty-four bytes, so that it fills a block and a bit";
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    EXPECT_EQ(Sha256().add(text.substr(0, cut)).add(text.substr(cut)).hex(), hash_of(text));
  }
  EXPECT_EQ(sha256_hex(std::as_bytes(std::span(text))), hash_of(text));
}

}  // namespace
}  // namespace deepaxe::base
