#include "fakes/wire/mongo/scram.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>

namespace premortem::fakes::mongo {

namespace {

const unsigned char* octets(std::string_view bytes) { return reinterpret_cast<const unsigned char*>(bytes.data()); }
unsigned char* octets(std::string& bytes) { return reinterpret_cast<unsigned char*>(bytes.data()); }

std::string sha256(std::string_view bytes) {
  std::string out(SHA256_DIGEST_LENGTH, '\0');
  SHA256(octets(bytes), bytes.size(), octets(out));
  return out;
}

std::string hmac_sha256(std::string_view key, std::string_view bytes) {
  std::string out(SHA256_DIGEST_LENGTH, '\0');
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), octets(bytes), bytes.size(), octets(out), nullptr);
  return out;
}

// "r=" of "r=abc"; the rest behind the next comma stays.
std::optional<std::string_view> take_attribute(std::string_view& text, std::string_view prefix) {
  const std::string_view part = text.substr(0, text.find(','));
  if (part.substr(0, prefix.size()) != prefix) return std::nullopt;
  text.remove_prefix(part.size() == text.size() ? part.size() : part.size() + 1);
  return part.substr(prefix.size());
}

// In names a comma is "=2C", an equals sign "=3D"; any other "=" is a mistake.
std::optional<std::string> decode_name(std::string_view encoded) {
  std::string name;
  while (!encoded.empty()) {
    std::size_t taken = 1;
    if (encoded.front() != '=') {
      name.push_back(encoded.front());
    } else {
      const std::string_view escape = encoded.substr(0, 3);
      if (escape != "=2C" && escape != "=3D") return std::nullopt;
      name.push_back(escape == "=2C" ? ',' : '=');
      taken = 3;
    }
    encoded.remove_prefix(taken);
  }
  return name;
}

}  // namespace

std::string base64_of(std::string_view bytes) {
  std::string out(4 * ((bytes.size() + 2) / 3) + 1, '\0');  // OpenSSL ends it with a NUL.
  const int size = EVP_EncodeBlock(octets(out), octets(bytes), static_cast<int>(bytes.size()));
  out.resize(static_cast<std::size_t>(size));
  return out;
}

std::optional<std::string> base64_bytes(std::string_view text) {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  if (text.size() % 4 != 0) return std::nullopt;
  std::size_t padding = 0;
  while (padding < 2 && padding < text.size() && text[text.size() - 1 - padding] == '=') ++padding;
  if (text.substr(0, text.size() - padding).find_first_not_of(alphabet) != std::string_view::npos) return std::nullopt;
  std::string out(text.size() / 4 * 3, '\0');
  if (text.empty()) return out;
  if (EVP_DecodeBlock(octets(out), octets(text), static_cast<int>(text.size())) < 0) return std::nullopt;
  out.resize(out.size() - padding);
  return out;
}

std::string repeatable_nonce(std::uint32_t client, std::uint64_t attempt) {
  return base64_of(sha256("nonce " + std::to_string(client) + " " + std::to_string(attempt)).substr(0, 24));
}

ScramSecret make_scram_secret(std::string_view password, std::string_view salt, int iterations) {
  std::string salted(SHA256_DIGEST_LENGTH, '\0');
  PKCS5_PBKDF2_HMAC(password.data(), static_cast<int>(password.size()), octets(salt), static_cast<int>(salt.size()),
                    iterations, EVP_sha256(), SHA256_DIGEST_LENGTH, octets(salted));
  return {std::string(salt), sha256(hmac_sha256(salted, "Client Key")), hmac_sha256(salted, "Server Key"), iterations};
}

ScramUsers::ScramUsers(const std::vector<ScramUser>& users, int iterations) {
  for (const ScramUser& user : users) {
    const std::string salt = sha256("salt " + user.database + "." + user.name).substr(0, 28);
    add(user.database, user.name, make_scram_secret(user.password, salt, iterations));
  }
}

void ScramUsers::add(std::string_view database, std::string_view name, ScramSecret secret) {
  secrets_.insert_or_assign({std::string(database), std::string(name)}, std::move(secret));
}

const ScramSecret* ScramUsers::find(std::string_view database, std::string_view name) const {
  const auto found = secrets_.find({std::string(database), std::string(name)});
  return found == secrets_.end() ? nullptr : &found->second;
}

std::optional<std::string> ScramConversation::step(std::string_view payload) {
  ++step_;
  if (step_ == 1) return first_step(payload);
  if (step_ == 2) return second_step(payload);
  if (step_ == 3) return std::string();
  return std::nullopt;
}

// n,,n=user,r=nonce -> r=nonce+ours,s=salt,i=iterations
std::optional<std::string> ScramConversation::first_step(std::string_view payload) {
  std::string_view rest = payload;
  const std::string_view binding = rest.substr(0, rest.find(','));
  if (binding != "n" && binding != "y") return std::nullopt;  // We have no channel to bind to.
  if (rest.size() < 2) return std::nullopt;
  rest.remove_prefix(2);
  std::string_view acts_as;
  if (!rest.empty() && rest.front() != ',') {
    const auto given = take_attribute(rest, "a=");
    if (!given) return std::nullopt;
    acts_as = *given;
  } else if (!rest.empty()) {
    rest.remove_prefix(1);
  }
  const std::string_view bare = rest;
  const auto name = take_attribute(rest, "n=");
  const auto nonce = take_attribute(rest, "r=");
  if (!name || name->empty() || !nonce || nonce->size() < 4) return std::nullopt;
  const std::optional<std::string> user = decode_name(*name);
  if (!user || (!acts_as.empty() && acts_as != *user)) return std::nullopt;
  user_ = *user;
  secret_ = users_ == nullptr ? nullptr : users_->find(database_, user_);
  if (secret_ == nullptr) return std::nullopt;
  nonce_ = std::string(*nonce) + nonce_;
  const std::string answer =
      "r=" + nonce_ + ",s=" + base64_of(secret_->salt) + ",i=" + std::to_string(secret_->iterations);
  said_ = std::string(bare) + "," + answer;
  return answer;
}

// c=binding,r=nonce,p=proof -> v=signature
std::optional<std::string> ScramConversation::second_step(std::string_view payload) {
  const std::size_t last = payload.rfind(",p=");
  if (secret_ == nullptr || last == std::string_view::npos) return std::nullopt;
  const std::string_view without_proof = payload.substr(0, last);
  const std::optional<std::string> proof = base64_bytes(payload.substr(last + 3));
  std::string_view rest = without_proof;
  const auto binding = take_attribute(rest, "c=");
  const auto nonce = take_attribute(rest, "r=");
  if (!binding || binding->empty() || !nonce || *nonce != nonce_) return std::nullopt;
  if (!proof || proof->size() != SHA256_DIGEST_LENGTH) return std::nullopt;
  said_ += "," + std::string(without_proof);
  std::string client_key = hmac_sha256(secret_->stored_key, said_);
  for (std::size_t at = 0; at < client_key.size(); ++at) {
    client_key[at] =
        static_cast<char>(static_cast<unsigned char>(client_key[at]) ^ static_cast<unsigned char>((*proof)[at]));
  }
  const std::string key = sha256(client_key);
  if (CRYPTO_memcmp(key.data(), secret_->stored_key.data(), key.size()) != 0) return std::nullopt;
  return "v=" + base64_of(hmac_sha256(secret_->server_key, said_));
}

}  // namespace premortem::fakes::mongo
