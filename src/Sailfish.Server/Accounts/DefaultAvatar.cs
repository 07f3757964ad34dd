using System.Globalization;

namespace Sailfish.Server.Accounts;

/// <summary>A picture for who has none: a fish on a colour of the id's own.</summary>
internal static class DefaultAvatar
{
    /// <summary>SVG made of numbers only; nothing that a user wrote goes in.</summary>
    public static string Draw(long userId)
    {
        var hue = userId * 47 % 360;
        var turn = (userId % 5 * 9) - 18;
        return string.Create(CultureInfo.InvariantCulture, $"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96" width="96" height="96">
            <defs><linearGradient id="g" x1="0" y1="0" x2="1" y2="1"><stop offset="0" stop-color="hsl({hue},70%,62%)"/><stop offset="1" stop-color="hsl({(hue + 50) % 360},65%,42%)"/></linearGradient></defs>
            <rect width="96" height="96" fill="url(#g)"/>
            <g transform="rotate({turn} 48 48)" fill="#fff" fill-opacity=".92"><path d="M20 50c10-14 34-16 50-4l10-9c1 6 0 16-1 20l-10-5c-15 12-39 11-49-2z"/><path d="M36 39c4-13 20-15 26-3-8-2-17-1-26 3z" fill-opacity=".75"/></g>
            <circle cx="31" cy="48" r="2.4" fill="hsl({hue},60%,30%)" transform="rotate({turn} 48 48)"/>
            </svg>
            """);
    }
}
