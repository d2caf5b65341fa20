#include "fakes/wire/mongo/scram.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>

#include <algorithm>

namespace premortem::fakes::mongo {

namespace {

constexpr std::size_t key_size = 32;

const unsigned char* octets(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

std::string hmac(std::string_view key, std::string_view text) {
  std::string out(key_size, '\0');
  unsigned int size = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), octets(text), text.size(),
       reinterpret_cast<unsigned char*>(out.data()), &size);
  return out;
}

std::string sha256(std::string_view text) {
  std::string out(key_size, '\0');
  SHA256(octets(text), text.size(), reinterpret_cast<unsigned char*>(out.data()));
  return out;
}

std::string encode_base64(std::string_view bytes) {
  std::string out(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  const int size =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()), octets(bytes), static_cast<int>(bytes.size()));
  out.resize(static_cast<std::size_t>(size));
  return out;
}

std::optional<std::string> decode_base64(std::string_view text) {
  if (text.empty() || text.size() % 4 != 0) return std::nullopt;
  std::string out(text.size() / 4 * 3, '\0');
  const int size =
      EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()), octets(text), static_cast<int>(text.size()));
  if (size < 0) return std::nullopt;
  const auto padding = static_cast<std::size_t>(std::count(text.end() - 2, text.end(), '='));
  out.resize(static_cast<std::size_t>(size) - padding);
  return out;
}

/// The attributes of a message: "r=...,s=...".
std::vector<std::pair<char, std::string_view>> attributes(std::string_view message) {
  std::vector<std::pair<char, std::string_view>> all;
  while (!message.empty()) {
    const std::size_t comma = message.find(',');
    const std::string_view one = message.substr(0, comma);
    if (one.size() >= 2 && one[1] == '=') all.emplace_back(one[0], one.substr(2));
    message = comma == std::string_view::npos ? std::string_view() : message.substr(comma + 1);
  }
  return all;
}

std::optional<std::string_view> attribute(std::string_view message, char name) {
  for (const auto& [known, value] : attributes(message)) {
    if (known == name) return value;
  }
  return std::nullopt;
}

std::string unescaped(std::string_view name) {
  std::string out;
  for (std::size_t at = 0; at < name.size(); ++at) {
    if (name.substr(at, 3) == "=2C") {
      out += ',', at += 2;
    } else if (name.substr(at, 3) == "=3D") {
      out += '=', at += 2;
    } else {
      out += name[at];
    }
  }
  return out;
}

}  // namespace

std::optional<std::string> Scram::answer(std::string_view message) {
  return step_++ == 0 ? first(message) : final(message);
}

std::optional<std::string> Scram::first(std::string_view message) {
  if (!message.starts_with("n,") && !message.starts_with("y,")) return std::nullopt;  // Without channel binding.
  const std::size_t bare = message.find(',', 2);
  if (bare == std::string_view::npos) return std::nullopt;
  client_first_bare_ = std::string(message.substr(bare + 1));
  const auto name = attribute(client_first_bare_, 'n'), nonce = attribute(client_first_bare_, 'r');
  if (!name || !nonce || nonce->empty()) return std::nullopt;
  user_ = unescaped(*name);
  const auto known = std::find_if(users_.begin(), users_.end(), [&](const auto& user) { return user.first == user_; });
  if (known == users_.end()) return std::nullopt;
  password_ = known->second;
  whole_nonce_ = std::string(*nonce) + nonce_;
  server_first_ = "r=" + whole_nonce_ + ",s=" + encode_base64(salt_) + ",i=" + std::to_string(iterations);
  return server_first_;
}

std::optional<std::string> Scram::final(std::string_view message) {
  const auto nonce = attribute(message, 'r'), proof_text = attribute(message, 'p');
  const std::size_t proof_at = message.rfind(",p=");
  if (!nonce || !proof_text || *nonce != whole_nonce_ || proof_at == std::string_view::npos) return std::nullopt;
  const auto proof = decode_base64(*proof_text);
  if (!proof || proof->size() != key_size) return std::nullopt;
  std::string salted(key_size, '\0');
  PKCS5_PBKDF2_HMAC(password_.data(), static_cast<int>(password_.size()), octets(salt_), static_cast<int>(salt_.size()),
                    iterations, EVP_sha256(), static_cast<int>(key_size),
                    reinterpret_cast<unsigned char*>(salted.data()));
  const std::string client_key = hmac(salted, "Client Key");
  const std::string stored_key = sha256(client_key);
  const std::string authentication =
      client_first_bare_ + "," + server_first_ + "," + std::string(message.substr(0, proof_at));
  const std::string signature = hmac(stored_key, authentication);
  std::string shown(key_size, '\0');
  for (std::size_t at = 0; at < key_size; ++at) shown[at] = static_cast<char>((*proof)[at] ^ signature[at]);
  if (CRYPTO_memcmp(shown.data(), client_key.data(), key_size) != 0) return std::nullopt;
  return "v=" + encode_base64(hmac(hmac(salted, "Server Key"), authentication));
}

}  // namespace premortem::fakes::mongo
