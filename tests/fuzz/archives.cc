#include "archives.h"

#include <zip.h>
#include <zlib.h>

#include "deepaxe/base/assertion.h"

namespace deepaxe::fuzz {

Bytes gzip_of(std::span<const std::byte> content) {
  z_stream stream{};
  constexpr int kGzip = 15 + 16;  // The largest window, a gzip header.
  DEEPAXE_ASSERT(deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, kGzip, 8,
                              Z_DEFAULT_STRATEGY) == Z_OK);
  Bytes compressed(deflateBound(&stream, content.size()));
  // zlib's interface is not const-correct; it does not write to next_in.
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(content.data()));
  stream.avail_in = static_cast<uInt>(content.size());
  stream.next_out = reinterpret_cast<Bytef*>(compressed.data());
  stream.avail_out = static_cast<uInt>(compressed.size());
  DEEPAXE_ASSERT(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  compressed.resize(stream.total_out);
  deflateEnd(&stream);
  return compressed;
}

Bytes zip_of(const std::vector<std::pair<std::string, Bytes>>& members, bool deflated) {
  zip_source_t* target = zip_source_buffer_create(nullptr, 0, 0, nullptr);
  zip_t* archive = zip_open_from_source(target, ZIP_TRUNCATE, nullptr);
  DEEPAXE_ASSERT(archive != nullptr);
  zip_source_keep(target);  // zip_close gives up its own hold.
  for (const auto& [name, content] : members) {
    zip_source_t* source = zip_source_buffer(archive, content.data(), content.size(), 0);
    const zip_int64_t index = zip_file_add(archive, name.c_str(), source, ZIP_FL_ENC_UTF_8);
    DEEPAXE_ASSERT(index >= 0);
    constexpr zip_uint16_t kFirstDosDay = 0x21;  // 1980-01-01: the same bytes at any time.
    const auto entry = static_cast<zip_uint64_t>(index);
    DEEPAXE_ASSERT(zip_file_set_dostime(archive, entry, 0, kFirstDosDay, 0) == 0);
    zip_set_file_compression(archive, entry, deflated ? ZIP_CM_DEFLATE : ZIP_CM_STORE, 0);
  }
  DEEPAXE_ASSERT(zip_close(archive) == 0);
  zip_stat_t stat;
  DEEPAXE_ASSERT(zip_source_stat(target, &stat) == 0 && zip_source_open(target) == 0);
  Bytes bytes(stat.size);
  DEEPAXE_ASSERT(zip_source_read(target, bytes.data(), stat.size) ==
                 static_cast<zip_int64_t>(stat.size));
  zip_source_free(target);
  return bytes;
}

}  // namespace deepaxe::fuzz
