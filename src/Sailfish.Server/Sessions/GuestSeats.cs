using System.Runtime.InteropServices;
using Microsoft.Extensions.Options;
using Sailfish.Server.Conversations;
using Sailfish.Server.Hosting;

namespace Sailfish.Server.Sessions;

/// <summary>
/// How many guests each address has on this node. A guest's id costs nothing, so what bounds one person with many of them is
/// the address: the number of connections, and the rates that these share.
/// </summary>
internal sealed class GuestSeats(IOptions<GuestOptions> options)
{
    /// <summary>When one of them goes is anybody's guess.</summary>
    public static readonly TimeSpan WaitForSeat = TimeSpan.FromSeconds(5);

    private readonly int _most = options.Value.GuestsPerAddress;
    private readonly Dictionary<ClientAddress, int> _taken = [];

    /// <summary>Whether guests are let in at all.</summary>
    public bool AreWelcome => options.Value.Guests;

    /// <summary>Addresses that have some: not more than there are connections.</summary>
    public int Addresses
    {
        get
        {
            lock (_taken)
                return _taken.Count;
        }
    }

    /// <summary>Takes a seat, to be given back; false when the address has as many as it may.</summary>
    public bool TryTake(ClientAddress address)
    {
        if (_most == 0)
            return true;
        lock (_taken)
        {
            ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(_taken, address, out _);
            if (count >= _most)
                return false;
            count++;
            return true;
        }
    }

    public void GiveBack(ClientAddress address)
    {
        if (_most == 0)
            return;
        lock (_taken)
        {
            ref var count = ref CollectionsMarshal.GetValueRefOrNullRef(_taken, address);
            if (--count == 0)
                _taken.Remove(address);
        }
    }

    /// <summary>
    /// Whose paces a guest goes by. An address has the same ones whatever ids come from it, also when all of its guests have
    /// gone and others come. No app has a number below 1, so it is nobody else's.
    /// </summary>
    public UserKey PacerOf(UserKey guest, ClientAddress address) =>
        _most == 0 ? guest : new UserKey(-(long)address.Family, unchecked((long)address.Number));
}
