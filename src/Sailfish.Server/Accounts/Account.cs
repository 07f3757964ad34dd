namespace Sailfish.Server.Accounts;

/// <summary>Somebody who signed up on the page; a user of the first app.</summary>
/// <param name="Id">The user id.</param>
/// <param name="Name">What is signed in with; unique whatever its case and width (<see cref="NameKey"/>).</param>
/// <param name="PasswordHash">Of the framework's <c>PasswordHasher</c>.</param>
/// <param name="NickName">What others see.</param>
/// <param name="Avatar">The uploaded picture's file name; null for a generated one.</param>
/// <param name="PasswordVersion">How many passwords there were before this one.</param>
internal sealed record Account(long Id, string Name, string PasswordHash, string NickName, string? Avatar, long PasswordVersion = 0)
{
    /// <summary>The first account's id.</summary>
    public const long FirstId = 100_001;

    /// <summary>Where the page finds the picture.</summary>
    public string AvatarUrl => Avatar is null ? DrawnAvatarUrl(Id) : $"/avatar/{Avatar}";

    /// <summary>Where the page finds the picture of who has uploaded none.</summary>
    public static string DrawnAvatarUrl(long id) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"/avatar/{id}.svg");
}
