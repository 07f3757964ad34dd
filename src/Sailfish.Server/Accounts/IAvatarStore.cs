namespace Sailfish.Server.Accounts;

/// <summary>Where uploaded pictures are kept, by the names that <see cref="PictureNames"/> makes.</summary>
internal interface IAvatarStore
{
    /// <summary>
    /// Puts a picture in the place of the account's one before, which goes; gives the account as it is then. Null when it is
    /// no PNG, JPEG or WebP, or there is no such account. Of several at once the last one's picture stays, and no other.
    /// </summary>
    Task<Account?> ChangeAsync(long accountId, byte[] picture);

    /// <summary>The picture of that name; null when there is none.</summary>
    ValueTask<StoredPicture?> FindAsync(string name);
}

/// <summary>A picture as it is kept: in a file, or else its bytes.</summary>
/// <param name="ContentType">The one type that it is ever served with.</param>
/// <param name="Path">Of the file.</param>
/// <param name="Bytes">Where there is no file.</param>
internal sealed record StoredPicture(string ContentType, string? Path, byte[]? Bytes);
