using Sailfish.Server.Content;
using Sailfish.Server.Text;

namespace Sailfish.Server.Accounts;

/// <summary>Whether a name that can be seen may be somebody's: it has no word of the content check's, and is not taken for another's.</summary>
internal sealed class NameCheck(IAccountStore store, IAnchorNames anchors, IContentCheck words)
{
    /// <summary>Whether it has a word of the content check's; the list may have grown since the name was taken.</summary>
    public async ValueTask<bool> HasWordAsync(string name, CancellationToken cancellationToken) =>
        (await words.CheckAsync(name, cancellationToken)).Word is not null;

    /// <summary>Why not, for the person; null when it may.</summary>
    /// <param name="name">In the form that is stored.</param>
    /// <param name="userId">Whose it is to be; 0 for somebody new.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<string?> RefusalAsync(string name, long userId, CancellationToken cancellationToken)
    {
        if (await HasWordAsync(name, cancellationToken))
            return "The name has words that are not allowed here.";
        var look = new NameLook(name);
        if (look.IsReserved)
            return "The name is taken for the server's own.";
        if (anchors.HasLike(look, userId))
            return "The name is taken for an anchor's.";
        return await store.IsLikeAnotherAsync(look.All, userId, cancellationToken) ? "The name is taken, or looks like one that is." : null;
    }
}
