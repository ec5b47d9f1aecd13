// libFuzzer's way into the target that DEEPAXE_FUZZ_TARGET names.
#include <cstdint>

#include "target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  deepaxe::fuzz::DEEPAXE_FUZZ_TARGET.run(std::as_bytes(std::span(data, size)));
  return 0;
}
