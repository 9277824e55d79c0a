import { type Sums, sumFor } from './sums.ts';
import { archiveName } from './systems.ts';

/** A formula of Homebrew, for macOS and Linux. @param address where the archives are */
export function formula(version: string, address: string, sums: Sums): string {
  const source = (system: string): string => {
    const archive = archiveName(version, system);
    return `      url "${address}/${archive}"\n      sha256 "${sumFor(sums, archive)}"`;
  };
  return `class Sotto < Formula
  desc "Keeps secrets in git: encrypts the values of configuration files"
  homepage "${address.replace(/\/releases\/.*/, '')}"
  version "${version}"
  license "MIT"

  on_macos do
    on_arm do
${source('darwin-arm64')}
    end
    on_intel do
${source('darwin-x64')}
    end
  end

  on_linux do
    on_arm do
${source('linux-arm64')}
    end
    on_intel do
${source('linux-x64')}
    end
  end

  def install
    bin.install "sotto"
    # The signature of the runtime does not fit the whole program.
    system "codesign", "--force", "--sign", "-", bin/"sotto" if OS.mac? && Hardware::CPU.intel?
    man1.install Dir["man/*.1"]
    bash_completion.install "completions/sotto.bash" => "sotto"
    zsh_completion.install "completions/_sotto"
    fish_completion.install "completions/sotto.fish"
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/sotto --version")
    recipient = shell_output("#{bin}/sotto keygen --output key").strip
    (testpath/"plain.yaml").write "password: s3cret\\n"
    ENV["SOPS_AGE_KEY_FILE"] = testpath/"key"
    system bin/"sotto", "encrypt", "-i", "--age", recipient, "plain.yaml"
    assert_equal "password: s3cret\\n", shell_output("#{bin}/sotto decrypt plain.yaml")
  end
end
`;
}
