using System.Globalization;

namespace Sailfish.Protocol;

/// <summary>Ranges of the ids on the wire.</summary>
public static class Ids
{
    /// <summary>The largest integer that every JSON reader keeps exact: 2^53 − 1 (RFC 8259, section 6).</summary>
    public const long Max = (1L << 53) - 1;

    /// <summary>The smallest user id; below are the system's own.</summary>
    public const long MinUser = 10_000;

    /// <summary>From here on user ids are guests': people without an account, who look at living rooms.</summary>
    public const long FirstGuest = 1L << 52;

    /// <summary>Digits of <see cref="Max"/>.</summary>
    public const int MaxDigits = 16;

    /// <summary>Whether <paramref name="id"/> can be a user's.</summary>
    public static bool IsUser(long id) => id is >= MinUser and <= Max;

    /// <summary>Whether <paramref name="id"/> is a guest's, and so nobody's who writes or is written to.</summary>
    public static bool IsGuest(long id) => id is >= FirstGuest and <= Max;

    /// <summary>Whether <paramref name="id"/> can be a room's.</summary>
    public static bool IsRoom(long id) => id is >= 1 and <= Max;

    /// <summary>Reads decimal digits without sign or white space.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out long id)
    {
        id = 0;
        // The framework's parser takes digits that NULs follow, in every style.
        return !text.EndsWith('\0') && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out id);
    }
}
