using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace ArtifactsPS.Core.References;

/// <summary>
/// Hosts that targets of references may be read from. Users of a version fetch what its publisher named. Without patterns, all
/// hosts may be read, and no redirect may lead to another host or from https to http. With patterns, only matching hosts may be
/// read, and redirects between them are followed. Addresses that are only valid on the local link, where clouds have their
/// metadata services, are never read.
/// </summary>
public sealed class HostRules
{
    /// <summary>Environment variable with patterns, separated by commas, semicolons or spaces.</summary>
    public const string Variable = "ARTIFACTS_ALLOW_HOST";

    private static readonly char[] Separators = [',', ';', ' '];
    private static readonly TimeSpan MatchTimeout = TimeSpan.FromSeconds(1);

    private readonly List<Regex> _patterns = [];

    /// <param name="patterns">Names of hosts with the wildcards <c>*</c> and <c>?</c>, and optionally a port. Empty to allow
    /// all hosts.</param>
    public HostRules(IEnumerable<string> patterns)
    {
        Patterns = [.. patterns.Where(pattern => pattern.Length > 0)];
        foreach (var pattern in Patterns)
            _patterns.Add(
                new Regex(
                    "^" + Regex.Escape(pattern).Replace("\\*", ".*").Replace("\\?", ".") + "$",
                    RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture,
                    MatchTimeout
                )
            );
    }

    /// <summary>Patterns in their order.</summary>
    public IReadOnlyList<string> Patterns { get; }

    /// <summary>Rules of the environment variable.</summary>
    public static HostRules OfEnvironment() =>
        new((Environment.GetEnvironmentVariable(Variable) ?? "").Split(Separators));

    /// <summary>Checks that a target may be requested.</summary>
    /// <exception cref="TargetDeniedException">It may not.</exception>
    public void Check(Uri uri)
    {
        if (IPAddress.TryParse(uri.DnsSafeHost, out var address))
            Allowed(uri.DnsSafeHost, [address]);
        if (_patterns.Count > 0 && !IsListed(uri))
            throw new TargetDeniedException(
                $"the host '{Host(uri)}' is not allowed by -AllowHost or $env:{Variable}. Add it there to read from it."
            );
    }

    /// <summary>Checks that a redirect may be followed.</summary>
    /// <exception cref="TargetDeniedException">It may not.</exception>
    public void CheckRedirect(Uri from, Uri to)
    {
        Check(to);
        if (_patterns.Count > 0)
            return;
        if (!string.Equals(from.Host, to.Host, StringComparison.OrdinalIgnoreCase))
            throw new TargetDeniedException(
                $"'{Host(from)}' redirects to another host, '{Host(to)}'. To follow it, allow both hosts with -AllowHost."
            );
        if (from.Scheme == Uri.UriSchemeHttps && to.Scheme != Uri.UriSchemeHttps)
            throw new TargetDeniedException(
                $"'{Host(from)}' redirects from https to http. To follow it, allow the host with -AllowHost."
            );
    }

    /// <summary>Chooses the addresses of a host that may be connected to.</summary>
    /// <exception cref="TargetDeniedException">All of them are link-local.</exception>
    public static IPAddress[] Allowed(string host, IPAddress[] addresses)
    {
        var allowed = Array.FindAll(addresses, address => !IsLinkLocal(address));
        return allowed.Length > 0 || addresses.Length == 0
            ? allowed
            : throw new TargetDeniedException(
                $"the host '{host}' has the link-local address {addresses[0]}, from which references are never read."
            );
    }

    // 169.254.0.0/16 (RFC 3927) and fe80::/10 (RFC 4291), also as IPv4 in IPv6. AWS has its metadata service at fd00:ec2::254 too.
    private static bool IsLinkLocal(IPAddress address)
    {
        if (address.AddressFamily == AddressFamily.InterNetworkV6)
        {
            if (address.IsIPv6LinkLocal || address.Equals(IPAddress.Parse("fd00:ec2::254")))
                return true;
            if (EmbeddedIPv4(address) is not { } embedded)
                return false;
            address = embedded;
        }
        var bytes = address.GetAddressBytes();
        return bytes[0] == 169 && bytes[1] == 254;
    }

    // IPv4-mapped (::ffff:a.b.c.d), IPv4-compatible (::a.b.c.d) and NAT64 (64:ff9b::a.b.c.d) addresses.
    private static IPAddress? EmbeddedIPv4(IPAddress address)
    {
        var bytes = address.GetAddressBytes();
        var isNat64 = bytes[0] == 0 && bytes[1] == 0x64 && bytes[2] == 0xFF && bytes[3] == 0x9B;
        return address.IsIPv4MappedToIPv6 || isNat64 || bytes.Take(12).All(b => b == 0)
            ? new IPAddress(bytes.Skip(12).ToArray())
            : null;
    }

    private bool IsListed(Uri uri) =>
        _patterns.Exists(pattern =>
            pattern.IsMatch(uri.Host) || pattern.IsMatch(uri.DnsSafeHost) || pattern.IsMatch($"{uri.Host}:{uri.Port}")
        );

    private static string Host(Uri uri) => uri.IsDefaultPort ? uri.Host : $"{uri.Host}:{uri.Port}";
}
