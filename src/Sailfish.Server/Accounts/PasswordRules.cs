using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Sailfish.Server.Text;

namespace Sailfish.Server.Accounts;

/// <summary>What a new password must be. Old ones still sign in.</summary>
internal static class PasswordRules
{
    public const int Min = 8;
    public const int Max = 128;

    /// <summary>The longest that is looked at, in UTF-16: nobody's marks make more of the longest one.</summary>
    private const int MaxTyped = 1024;

    private const string CommonFile = "CommonPasswords.txt";
    private static readonly FrozenSet<string> Common = Load();

    /// <summary>Whether it can be somebody's password, old ones among them.</summary>
    public static bool IsTyped([NotNullWhen(true)] string? password) =>
        password is { Length: > 0 and <= MaxTyped } && Characters.AreStorable(password) && Characters.Count(Compose(password)) <= Max;

    /// <summary>Why a password may not be a new one; null when it may.</summary>
    public static string? Problem(string? password)
    {
        if (!IsTyped(password) || Characters.Count(Compose(password)) < Min)
            return $"A password has {Min} to {Max} characters.";
        return Common.Contains(Compose(password).ToLowerInvariant()) ? "The password is one that many have, and that is tried first. Choose another." : null;
    }

    /// <summary>In the form that is hashed: a letter with its mark is the same however the keyboard writes it.</summary>
    public static string Compose(string password) => Normalization.ToNfc(password);

    private static FrozenSet<string> Load()
    {
        var assembly = Assembly.GetExecutingAssembly();
        var name = assembly.GetManifestResourceNames().Single(n => n.EndsWith(CommonFile, StringComparison.Ordinal));
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => !line.StartsWith("# ", StringComparison.Ordinal)).ToFrozenSet();
    }
}
