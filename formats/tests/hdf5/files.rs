//! Small files of other programs, packed by gzip and spelled in base64. Unless said otherwise h5py 3.16 wrote them.

/// All of them, by name.
pub(crate) const ALL: [(&str, &str); 7] = [
    ("h5, old tree", TREE1),
    ("h5, fixed array", FIXED),
    ("h5, extensible array", EXTENSIBLE),
    ("h5, new tree", TREE2),
    ("h5, heaps", DENSE),
    ("h5 of ITK", ITK),
    ("mnc", MINC),
];

/// The bytes of a file in this list, still packed by gzip.
pub(crate) fn packed(base64: &str) -> Vec<u8> {
    let value = |sign: u8| match sign {
        b'A'..=b'Z' => Some(sign - b'A'),
        b'a'..=b'z' => Some(sign - b'a' + 26),
        b'0'..=b'9' => Some(sign - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    };
    let signs: Vec<u8> = base64.bytes().filter_map(value).collect();
    let group = |four: &[u8]| {
        let all = four.iter().fold(0u32, |all, sign| all << 6 | u32::from(*sign)) << (6 * (4 - four.len()));
        all.to_be_bytes()[1..four.len()].to_vec()
    };
    signs.chunks(4).flat_map(group).collect()
}

/// The bytes of a file in this list.
pub(crate) fn plain(base64: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    std::io::Read::read_to_end(&mut flate2::read::MultiGzDecoder::new(packed(base64).as_slice()), &mut bytes).unwrap();
    bytes
}

/// Superblock 0, old groups and headers; chunks of 2 x 3 x 4 under an old tree; shuffle, deflate, checksum; big endian.
pub(crate) const TREE1: &str = "\
    H4sIAAAAAAACA+v0cHHj5ZLiYgABDg4GFgYBBmTwHwqEhFH5MPkEKM0IpTug9AommDgjWE4CKi4INR9dXUiQqytI9X80ALPHgAVCczCMgpEIPFwd\
    A0B0BJQPS6UnmFDVleXnoKRHDwrtZWRgg5jFCONbQGhmiAAzVB0rlGaH0rjFBcBGCXAyMDAh+YQVmLJB4kzMTGCDuRkCwHxGqEFMYHlGhuKM0rS0\
    nFQGJrj7IOIpqWk5iSWpDCxI9oAAUG1JckZqkbERLP8oQOSZWCpYYUZDnMvCwMCAFJoCWMMj2M/fhRFsKwQoMI+mTXIAqLwDhSJ6eWdGpP4dghDa\
    Aoc8Cxr/HVS9AZo4ruhTE4LQujjUo5sfBlWvwYBIVPhAM1S9Og716OavhqpXQFOPy/2XCKhHN/+TECofl3qm0aQ7CkbBKBgFo2AUjIJRMAoGAFTE\
    /f7+/v7+/wYHgODEEZYlEpLrY/YWTg91uZp07Jp2/HmO4zr1ecaRVZ+2v3BmeFIvbSnAxFcA1iV/GNjPkDzQMHEi45GUpF/nPzx5y892f0oUG+dt\
    kTb9c8ESp/SkDTP8jZMYGF54CT4xmDIxuiIuOSEhISUlKSmJoem/Ao9Sw4Ly48ET1TcJBju+aXVau59FncOPcSPjzQCuVd8Ubn0Gqk9JSfnx/789\
    M4eBkVGjIceOsDWpCWWZ7Ju545caeehdYNnMeGoC++PNr9J3gxwFVChg+CcdaIUDUz/3P3+B+0/+5+VKPLZKKWTorOGZlsPwrAVsaFJCyq/zB74A\
    1RsF3Ht4/kL+kWMC2b8ZXWUYdmxka3q7KvMOyK0pv47/eG/PbBUhpfzr///nsWdfPGJ4Y8fhws38NhNo3fkDJw6c+DKfUfbNym2JHyZPcxFPY2Bo\
    M2P+8XXb+dUA4WPFvxITAAA=";

/// Superblock 3; chunks in a fixed array, deflate.
pub(crate) const FIXED: &str = "\
    H4sIAAAAAAACA+1WT0gUURj/3psZ2x03/x+mTEqkMBbMwiQiWNRl2UMg6eJFmzZ0LSiwvcRQgXbYQlqD2iQ9ZHUoL5FhRB6CXW0Rc5P1sEKhZbJE\
    EoRmZKbrfL1m34YduhV02N/A7+P3++Z9883Mg/d1Ou2OzfJWWTCZIAXkOGFO6nLu99Udm6l12usoaDRv440pyBQIQEYWsCCcbTv9OFXRAX8JvacO\
    TxstECCkAoAKhAg8J/G4icc/+hYgOextqaFyQGJdC5mZzKWElWWXyHxTPoBIQSSUilSQg4Svvgz/C7w3i586qpx2IFmyhXvTvE0cqmxxVNmrgfxq\
    nP9fa5K52m2w67dcO1elBvdzVWRwmCvF4BmuCg3+xtWW5Hc1b8xZzRtzdq6MTQQNXOUafK+nZBzSSCONNNL419BUsgNmMaZP6a/0N7qEBbgTD+BL\
    zIcm6IcP5BAN0EI86spt19TzSwufgttRUS5gf2JgPRpa9A33euUSoeY1RrBLURTY68/ez2v24BOM4VfsgiF4DwUkAMvQSEbIXcwDH6yC1Ztt1dSA\
    +5HHedztPuN54G6KjIXuTFR0vZi3CTXFceuoa1dGBjTEpDn27JHSSMFwRXcnkUWsXdkzVi6NegBaPksHNbVZX1gKrtuEbc59Ze5YS/UiOVcvDrJF\
    iYF3bC7JV8LYtroQXbxK2DGmvzXHNbW+dWZ4PhoOTUZPhsPLt39OEc4OuqKpjWs2/8Vr3qJ43SXFceQ+ojIJ4H8mjWvqFc/gOs7ZhOd9OGWp9FvY\
    KXhLlnRNXYuufJ99iBOWIYDuj1KZpn5pvtF6PRHtYFOEVSS+Hw7DMW5nCQAA";

/// Chunks in an extensible array, along the second axis.
pub(crate) const EXTENSIBLE: &str = "\
    H4sIAAAAAAACA+2WT0gUcRTHv+/NaMOUMZrhmhQLERRdavFgoNDWrGygbXQQIaMCg6Igu8hCFEFEdQgXtH83O1QeUqIIloiKLnXoEGUgRCBlJEEh\
    ZBIe5vVa3oh66NShYr+XD+/33m/m995v3u83F7Jha5W/ync8D7HENGVDm2y8bahqSy4b7mbkuWZ+YCyfQUDlciic3mNH78VPbMUf0rUjbW9LSyAQ\
    NQLsEDnmqzAuMTqL0pkbXwYKNDUuWQEqdNXOUq8OcBkuEbnsJl038B+TzejH36h9h688yqSzIeAl3cD1F/vZeNvSWGN2Y1wnCzj1aiSRSe/YBswl\
    bBsffxO7jJ3GzVbaZ87CCv/vmhnve59Jh/MrpRq0qgwZA2PCuN94yHjHWDQmjeuNPca88YnxedyOxibjbEf75MJV/WrY0+Y9b3xpHDNuNWaNBeNV\
    47hx0vs39/jA9E1GWWWV9TuNRm+isehdNBF9iX5EeolKrayTJmmXbjkpehzIfRmV75JAC7o1/iKK+IhaylCehvW4maDV3MmX2JFQzmn8C1mBLtzC\
    NLbTgPo/UTP3c4P0ymtJla7SGeyhp7SRL3NK469LDc5iFsfpMx3Uhq2WglRjAPU0SBvU/hD1aDMXsJaKlFO7Tu5KDl/RRymu1PnD0qF/AiO0l1tk\
    Su0b6KKVLNFDOYFmfb/Qt+iBnMFOauB69f8EwOTSfvAIAAA=";

/// Chunks under a new tree, deflate.
pub(crate) const TREE2: &str = "\
    H4sIAAAAAAACA+2XT0gUURzHf+/NjLp/yj/rYcqWisiMAbOwkAiWdNn2IEi6eNGGDV0JCtRLDBVokcHSblAm5KF/l7xEhhF4iPzTIpbJelihyDKR\
    SITwT2SbrvN6q28gl6EuHTy8zxwe7zef+c7vBwMzE/S6PVus261CRgYYEAbI6/siVj8eDKZXeN2VGDSc86doYMWAANK2Al2E843nnhmJHvhPdJ4t\
    /7DWAgKEigGwgJDAzklsTU8Zw8CoC3ZAWXRavLbLAol2LdhstIoRjaWHSOsZdHgRg4gwFrEE1K8v6EMs4gpsAkrybaTU53WDLdldPiQ7pOOsYafH\
    OvtetjQBh8PhcDgb0VS0CyZJTB/X3+kfdYnkkr2khLwlDqiFLviKjuF2nEdO+bJbNPXi4ty3vp1Eli+RrkT3arR/vm2gs9m6Ryh7T0ZIWJZlOBjK\
    PMwy75DnJEZ+kDD0whfIRe2wBDVoED0kOdAGy6A0Zyqa2u5/GvCe9vubAo/9tSPD/Q9Gi8OvZ1xC2e5pZciXn5YG1TFpit57sGAkd6C4I4isIqmI\
    HxgukoYC9JW3IB3V1Dp9brFv1SXs8B4q9MfqS+fRhSqxh16U6P5M3/wOOUIal+ei8zeQE0D/ZJnW1KqGiYGZaKR/LHomElm6n/yK8LbiuKbWrLhC\
    l282O6crr8mek48IkccAQi+kN5p6PdCzSqZcwqt7ZNx+JGSnnwh3rZKuqSvR+K/JJ2TU3gvQMSsVaur3utsNtxLRVgeAIqI2/qBxOBwOZ1NR6iv3\
    rP9AJlH+6irM2m961vg39plmoRS7hVkFppaxdjHLucHCKVkRZsmmlpE1waw8034MfjJrm6ll7LMsZlmptmIxy0pd3czK2VBNnbGaWdmmlrE/sXB1\
    lj/THA6Hw/k3vwHocsiJABgAAA==";

/// Layout of HDF5 2.0; attributes and links in heaps; LZF.
pub(crate) const DENSE: &str = "\
    H4sIAAAAAAACA+1Ya2wUVRQ+585ud9ntQrtsKW1DLVlNQP6U7W5pTStN3W42BNrSoqJdqY8uBm1BKJANpoithhhirKEC8RExDRoTCtHaUCr6Q4I8\
    lFQQIzFBY2xjYrCY+EglYQ537szszHaCQZJGTObsj/O438w5d+6d883dl+LRmM9T6JHcbtCFNAnnqX6pFn+i5PThhni0iUHKwwABmF8JN3nU4TFN\
    w2qYNul+1H9clIBjiGFegYQoaWNOTbs0fcN4NmAOny0TXg44+Vwkr7cQkCF0OfjEJGjfthYcyrV8lue5dhdzmzEHSk4Xw/PanfggPD5TtfP8ygX9\
    6k0hoievQrDl1uXecyNPxZrijaDsTsYXy7JJF2pPvEV/4o4pWhPvTWZ0mK5U124B1+FcPbY0cDZWuyoe5RXxzEq4bcGApOfQs0wWF78Ra+Yo0OtD\
    yNRGvkZI8Rz6SJX2HhZBpi6rXDundtXyGM/7sIK8U3kEAB/X5QfAbwpcyW8MwnYl8JAa6M5eH4E1YCDeXEYR6DYFDq7bUg33mAJ77ui7H86YAuNn\
    JrtgjinQ/8mOY1BuSju8a/QUvGtCnCxYdBkmTIGh3vepaujs5/amvmXRmq/admmKqC15OpvviaOnDtol2CXoJcSam+vSfRd5o/tWtLAXvls5cpvu\
    XlGxR2vS2IJwQFDH3rdSt+v79v/rEIKuXTei6xaN//RF0L7CDP3v6Zpl0nWJQtez9NiRFYkhQddOBecVdJ3wTqXrhZf+Dqp0rdf3z3Rdkh6Z0Oi6\
    EDL1j5vmBgVdO1sP7w3DgzzkgxO9EzHYKMzLszbVwy5h5l0cr4ftwjzUMb8Tlgnz08E1ndAmzPprX/SIj3AfDL56sg+Uz/KZcOXu1uMQFNHTPR+d\
    g33CnJ1a+T1UC/P5/cWv25xp0/V/XMIF+Rv5onxJHpN/lSdlJwXoLqqgFdRGXbSPhugC/Ulz+ZZtg5dhGMYhgHWYwgF+wJvHVrPXmERR2klf0mxI\
    wHvwB9yHffgzVrHdrIi20tcUgt3wF39vP8NFbA8L0TvkhxfhKmzEXzDJcqmXcqEPCnA/Z6if5Gf4vHshiMPYwPLpQ2rg36ivYIhl0QA9AIiH8BFW\
    Tb/RAUhgHiP5GD3Lz3CEv8sj1AP1WMQKKBaP1qZPveLA+9XOHfzUuHVD+2C6bbAnSwechrO4NMtwQoMmp6zcZTjhoyYn8rTbcMrnzTCcJaMmpyLh\
    M5zKH3z2izfNIta/30xYR0bnfyCBBNkKHz1WCsrfC+ra1WQQm4FZbMGgBROyYJgFU2bBSBZM2IJxWDARC8ZpwZRbMFkWzBILxmXBVFgwbgum0oKZ\
    kcbkQID/INme7Eiu39zauW5bsnVLB+SWLE1fEPZCmPiTYGj8PySZ17Dm7RpVP6fpDTX2xrblpuQ6dFq9AzQVAAA=";

/// As SimpleITK 2.5.7 writes it.
pub(crate) const ITK: &str = "\
    H4sIAAAAAAACA+2ZX0hTURzHz713zts2c9qq+efhDot6WhpTRAgHTpssGbgh9KC27CJDnTL/tPXQKiiIIKKi9mjQS1CkENGbmtBDTwpJI4oihHoo\
    iCKoFrudu3tO3t0a2nDo7PeBcTi/8++37/2dc7i/e9HtaisxVBpYnkcUiZBwKPVaYhcfTn72ul2drOB8bhpQ/yJsuXogxcAiBiH9ToQLQ7vf0yWG\
    R4PDoXkyH2nAHpCG1wxp2CE38HhE+1CgX0yyZEAp0mJPXg2lXbJpXUIMY0GIZTCkLy05C2IqcMWMlJ9i51ER9pZjefxPOLy40tdMF5pCBce1fScv\
    5UMbs7XwtYm/rXyZSyibZEmY2sscmce9fi75lo8t5uCSGT+G8WJlihOZG8sVDIt9Y3hfjR4qIg3lckOxbyTQFwz1H9UTq0W2bnMFh8SQvA3j5AGj\
    mckridUiiCrBqSKoTGgmG8iJHEbkkHBjOoIMSgQJZAFrAUdQQ03sa1Zt9mBt2L9ok4NWjVZNpE1ufm3ONkyX5CNuzmyBuEk+tZ/2trg9+jJ50+m9\
    4WB/MGTTZezEruGIOOiPjogPKv60uwJjgYXKjIuyQxwLyOYPVYp5t3GqY43uyAeDmV+5BA63eI8wqtOdUfWTqbc77I24pFdyNT0IXW31wmDweDgQ\
    jgoTynXeJNTZ6w7a69SPmc7jc3s7/bjUaewTgcFxUeVfpBQBAAAAAAAAAAAAALDOVKvyAexvq3lWKS1OpbQ6M0d9mtHUm9e2Gu33hpTv6TjnP6eP\
    TIiRUxY0faROG8UF4jVd9lHhPp/uxaFT+UjqTxGNCjmpf7f7gi2rNg6sDccwrCZuaP4pmz0dVzxtNyuaGY3YipWWvwWkM1d8Fe7J6uL7V4TnyCTp\
    gbEN1+ZxlNmVyweP7fK/4QbEaIxm+trWy6XppicD+Qjl2S0Qyp4D11/AZQT8t+g05zE9n9XfKzhNXR4T6WGs6J30LLWUSqRepZZTH1PfUkWSRdor\
    NUodknSnPBHp8XzvTcaeSPek+z+lH73n5m7Yzt+6GSie9+nR3G3TEqgPAAAAABuDv7O1lcG3vva1pGaN4xfIS4BN8wKRjS9CZp1Z5T0RAAAAAAAA\
    AIDNwy9mR60a2DQAAA==";

/// As rawtominc 2.3.00 of libminc 2.4.05 writes it: a byte for each voxel, 0 to 59, a range for each slice.
pub(crate) const MINC: &str = "\
    H4sIAAAAAAACA+2bD2wTVRzH37XrLLWTMTtwQ+SAIShrvXbdmANGHdsYCogwESGyXNtbd3G9q9cbbotDQGdmjE4JUUBjNBH//0lM1EgQFjUiGhNN\
    VKKBiKioRBH/Jmp0vr9re3Rlf0BouF+y3N33/d3r+37uvev17oba+jxHscNitwMW/TS6A+RaoPrl87qbr22oXW7hA/udNyf/tVsKkguycFgAB0Du\
    hQAe7FFZCbl9HuEt1sxVYPQx8ecZHtwlwdgllJq5W4WoW46wHJWUuKwq8dUcqTN3LErIkZVm9Wcm5SPJJkfFiNRjIVphAcgB4FUruWrIoT3CqdOd\
    oeKRdmscaiq3Mx4TQ1JfLm2fiB1YPOpIEdux6BpL2y/KMFpPlr736Ai7BVaB0xav/7nj6ZGOlhONASdMph8DaDh13So52P3PSLvlQt0ag+eLOyq2\
    V19IP7IUXVZaJpw4v3ZNpu270nera0nvjvrlDcuAHc+2fHCCb9fTGaqwOWk80rAOcSBykkoSQ8yEx+65TJu35bpoTWNDLewRbBnOShCe2ZfD2mCt\
    WOreP1S/AuYCrH8cSD0m2lsG2mEbLOUAT80OUo/ijm231DQuroftjkfXATQEAKz+9vqlYCUSLiNC3zVPvAJux73hsNDZNW3v4fCnc4AZ2R7YoN50\
    BgUcl0NwbHUCLt/OJjEPbNCjVoe9AM0H5hk2wQnVD51HrjR2U3w5G8fmnufHPZiZFDXUiVvtmUkxZnSkqGRa42uhqUZSHLWzNlgrNY2fjyekqBkm\
    KTZPTE+KujdWHqCkeAhdewkYbhgzKR+0ImEWET6zWkpBL6rrCiJMOzbLD1xImEGEnya9cxWYg4RLieCetU8C76I6FhPhaO/bvaAKCT4ibJyy7EMC\
    qBIiPDu96yAQUR0eIojtk/76+Phvi0w7Zx0pHE5y9Ygzm0nx+Xf3vJSZFEeo9d50ZiaFY3Sk8DPtyOK9DUZSuPJYG6yVqGe8k5CC9W+opHhhEFJ8\
    9EVg45BJcb+RFIVGUsw1kmIPEtYQYWvLphaCjiXDQkfQgI5VkWMfmP4+20nhp656Jz+bSfFw45c9mUlxjFrvh/zTSgr2UAKEJkxqMpKiepyRFPsf\
    Or6XkOLYMEnx7iCk2H3rgwVDJkWPkRR5RlL4jaR4LS0p6oZFitUGUril6AOmv/8nUsD9u4XjOKtht211AW4cPx+QZW8A+M8H/n6YmEwQbwnJe1EK\
    QdbSJwLH2ZOB7Wfz2PyirNqTmRSz6ZCML8xMipzRkaKUaT0FD5QbSdFSyMqyou+/vBMQUrD+DZUUXw1CCktHNdt9bDWSImokxZy0pp5OhI+ts37t\
    vVPlTeeZpCCkKEpLih56WVyUDaR4Zs1Tzw2NFIGi00qKmUz7Y+PhKiMpNhcZSbHy+B3WkZHi30FIUQRuWmiS4tyO+hUr6gYeyHE1FrAbz5nOgy9c\
    gJPYDpyDW95i/Hys/0hXJU5iS24OrnELcJLec9tynMTusRycqvvIs7g1l9hwEjNVImlRn6MNJ+2dQpNsVvA32b2s1UrNz8gMM87yNYUf3kqtiTUF\
    u2fZDGuME3T0XGPgPmVPWWssomuNuSlrjbGUEY/TI9h0NoyN4hR+xwhjX4Jy6y1gE/6v4muCbw8K34zLEBsdNYbFwZYhttEtQ0qY9p7SLRmXIUVT\
    WRuslTe++W0KWYbYhrkMKbo4/TJk3oqd/clfrCYvQxYalyGacRnyRNJTCCEW/IY8uChLrEse++jH2aZ7syr8AXKspccyctywgB6XBEDexJkVC65b\
    e3PHXVsef3HXvv1f/9I/VK2+obZmgCM4nqro/NIKp58dGWSdpKEXdAB6icIFyPPXJYuWLuBXkgQehtcjgEQBUdM7YhIucAEtENHUtlgTDZg1dyCr\
    HMYZJyTXHNdFJSxqYR6li8FWCZYYQ0qE1GisVdJJ7bm0kK61SU2JPGE5qmphScN5Cmke8kpPKXmJp5S8tmPOLDPMwP5nzyxw3PdJxWPp3XReiptG\
    ZOQMlIBak6jrmhxs05OzDpFAZphhxsj8vzb5fUdl9w6X6X8zzDhn/O9P2nCDq7vrvrdCrzuR+1olJaK34A05e93CQnfZp9j+Az8GoJuEYW9AEnsE\
    WJEexyVm0BKreFkJaZIYl+J8s6ZG+ZioyzAX3yo167yu8pocadETrSLAyUoE1+GgdWhSpK0VMgp1zkGyia1yREGtpeAxBAUN/bc22GNUmS7FQLov\
    kywDY35oDxpNmhsOzkmylwSsoABmd6Fh06SQjoYtpMZlRYqnL5rmK67t21B8P78Mx1fzTS+cs/5nb1LiuHfq85eezP85WeL/K2iJGwfzf0yF7tRk\
    VUMQEBVyfuY48N38YXHA33cKOED9v4fxwPTEOed/9psLHNpupfhk/rdmif89tMTqwfwvK80D9o+3xc6w/UFgOPbfUB0w568Zp8D/ryb/HPFA1+HA\
    gLflMJvW0+m0VtSgGu6oWhet8gm+Co/X6ykTPILXU+73CJVVPt+Vs6u8cNLnkfLol8dNyR5m7vB5YP7yhNVa5Liuah04zxHmc2jvpeo6vkzgBW9V\
    ub9KqORRo9XV1bwm3qqrqHbe7ePdoVY1GJQ03i0rsTadb/fAZN4d7NAl3t0GqRJRpDDvVomgJpR4SFSaNFGJQLkdGZR3C55y3t2BzwXPbHjeic99\
    OAP0JO8VcDo6dfsEnI7Oy3DBdngfhjdgWLQS/lXwKC+V3Pga6bB/UdjxMt7PlzvMKWjGGYz/AIGTKTOFQAAA";
